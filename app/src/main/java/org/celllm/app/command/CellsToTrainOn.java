package org.celllm.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.corpus.CorpusSource;
import org.celllm.data.corpus.SamplingWeights;
import org.celllm.training.CorpusCells;
import org.celllm.training.FileTrainingCells;
import org.celllm.training.TrainingCells;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Where training takes its cells from: a corpus, or files as they are. */
final class CellsToTrainOn {
    @Parameters(
            arity = "1..*",
            paramLabel = "CORPUS|FILE",
            description =
                    "A folder that `celllm corpus build` made; or files, folders of files, or a YAML list of them,"
                            + " to be read as they are: slower, over all their genes, and with options that say how to read them.")
    List<Path> paths;

    @Mixin
    ReadingOptions reading;

    @Mixin
    CellWordOptions words;

    /**
     * Opens them.
     *
     * @param seed decides the order of the cells
     * @throws InputException when they can't be used, or options don't go with them
     */
    TrainingCells open(long seed, SamplingWeights weights) throws IOException {
        Path first = paths.get(0);
        if (paths.size() == 1 && isCorpus(first)) {
            if (words.isGiven() || reading.isGiven()) {
                throw InputException.about(first)
                        .found("is a corpus: its cells were read and named when it was built")
                        .expected("--disease, --tissue, --label-column, --values, --hgnc and the like with files alone")
                        .remedy("Give them to celllm corpus build")
                        .build();
            }
            return CorpusCells.open(first, seed, weights);
        }
        if (!weights.isNone()) {
            throw InputException.about("--balance, --weight")
                    .found("with files")
                    .expected("a corpus, which knows each cell's tissue")
                    .remedy("celllm corpus build " + first + " --out corpus, then celllm pretrain corpus")
                    .build();
        }
        List<CorpusSource> sources = new ArrayList<>();
        for (Path path : paths) {
            if (isCorpus(path)) {
                throw InputException.about(path)
                        .found("is a corpus, or not there, beside other things to train on")
                        .expected("one corpus, or files")
                        .remedy("celllm corpus add puts files into a corpus")
                        .build();
            }
            sources.add(words.source(path, reading.valuesOption()));
        }
        return FileTrainingCells.open(sources, reading.identity(), seed);
    }

    /** Or is to be told of as one: what isn't there. */
    static boolean isCorpus(Path path) {
        return !Files.exists(path)
                || (Files.isDirectory(path)
                        && (Files.exists(path.resolve("manifest.json")) || Files.exists(path.resolve("shards"))));
    }
}
