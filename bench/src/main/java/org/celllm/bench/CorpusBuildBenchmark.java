package org.celllm.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.CorpusBuilder;
import org.celllm.data.corpus.CorpusReport;
import org.celllm.data.corpus.CorpusSampler;
import org.celllm.data.corpus.CorpusSettings;
import org.celllm.data.corpus.CorpusSource;
import org.celllm.data.corpus.Split;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.progress.Progress;

/**
 * Speed of {@code corpus build} from one file, and of dealing the cells out again: arguments FILE GENES WORK [RUNS]. Reads
 * the file once (the vocabulary is GENES), identifies genes, filters, writes shards with checksums. Every run is a line
 * of JSON; {@code interop/bench.sh} prints the same work in Python beside it.
 */
public final class CorpusBuildBenchmark {
    private static final int BATCH = 512;

    private CorpusBuildBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        Path genes = Path.of(arguments[1]);
        Path work = Path.of(arguments[2]);
        int runs = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 3;
        for (int run = 0; run < runs; run++) {
            Path out = work.resolve("corpus-java-" + run);
            long start = System.nanoTime();
            CorpusReport report = CorpusBuilder.build(
                    List.of(CorpusSource.of(file)), out, CorpusSettings.DEFAULT.withGenes(genes), Progress.SILENT);
            double seconds = (System.nanoTime() - start) / 1e9;
            print("build", report.manifest().cells(), report.manifest().nonzeros(), seconds);
            deal(out);
            SafeFiles.deleteTree(out);
        }
    }

    /** One epoch of random batches. */
    private static void deal(Path folder) throws IOException {
        try (Corpus corpus = Corpus.open(folder)) {
            CorpusSampler sampler = corpus.sampler(Split.TRAIN, 1);
            long start = System.nanoTime();
            long nonzeros = 0;
            long dealt = 0;
            for (long step = 0; step < sampler.batchesPerEpoch(BATCH); step++) {
                var batch = sampler.batch(step, BATCH);
                nonzeros += batch.offsets()[batch.cells()];
                dealt += batch.cells();
            }
            print("sample", dealt, nonzeros, (System.nanoTime() - start) / 1e9);
        }
    }

    private static void print(String what, long cells, long nonzeros, double seconds) {
        System.out.printf(
                Locale.ROOT,
                "{\"tool\": \"celllm\", \"what\": \"%s\", \"cells\": %d, \"nonzeros\": %d, \"seconds\": %.3f, "
                        + "\"cells_per_second\": %.0f, \"nonzeros_per_second\": %.0f}%n",
                what,
                cells,
                nonzeros,
                seconds,
                cells / seconds,
                nonzeros / seconds);
    }
}
