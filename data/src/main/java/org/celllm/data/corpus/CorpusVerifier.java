package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.Disease;
import org.celllm.data.files.Sha256;
import org.celllm.data.progress.Progress;
import org.celllm.data.tokens.ValueState;

/** Checks every byte of a corpus, and that its cells are what a cell can be. */
public final class CorpusVerifier {
    private static final int CELLS_AT_ONCE = 1024;

    private CorpusVerifier() {}

    /**
     * What was checked.
     *
     * @param cells cells
     * @param nonzeros values
     * @param labels names that labels are numbered by
     * @param labelled cells that have a label
     * @param shards files
     * @param problems what is wrong, one sentence each with the file and the place; empty when all is well
     */
    public record Result(long cells, long nonzeros, int labels, long labelled, int shards, List<String> problems) {
        public Result {
            problems = List.copyOf(problems);
        }

        /** Whether nothing is wrong. */
        public boolean isSound() {
            return problems.isEmpty();
        }
    }

    /**
     * Compares every file with its checksum, then reads every cell: genes ascend and stand in the vocabulary, counts
     * are at least 1, values positive and finite, no cell expresses more than its total, and the manifest's sums are
     * those of the cells.
     *
     * @throws InputException when the folder is no corpus or cannot be opened as one
     */
    public static Result verify(Path folder, Progress progress) throws IOException {
        CorpusManifest manifest = CorpusManifest.read(folder);
        List<String> problems = new ArrayList<>();
        try (Progress.Task task =
                progress.start("Checksums", "shards", manifest.shards().size())) {
            for (CorpusManifest.Shard shard : manifest.shards()) {
                Path file = folder.resolve("shards").resolve(shard.file());
                if (!Files.isRegularFile(file)) {
                    problems.add(file + ": is missing");
                } else if (Files.size(file) != shard.bytes()) {
                    problems.add(file + ": has " + Files.size(file) + " bytes, not " + shard.bytes());
                } else if (!Sha256.of(file).equals(shard.sha256())) {
                    problems.add(file + ": its content has changed since the corpus was built");
                }
                task.advance(1);
            }
        }
        CorpusManifest again =
                manifest.with(manifest.tissues(), manifest.labels(), manifest.sources(), manifest.shards());
        if (!again.hash().equals(manifest.hash())) {
            problems.add(folder.resolve("manifest.json") + ": its hash is not that of its shards");
        }
        unknownFiles(folder, manifest, problems);
        if (problems.isEmpty()) {
            try (Corpus corpus = Corpus.open(folder)) {
                cells(corpus, progress, problems);
            }
        }
        return new Result(
                manifest.cells(),
                manifest.nonzeros(),
                manifest.labels().size(),
                manifest.labelled(),
                manifest.shards().size(),
                problems);
    }

    private static void cells(Corpus corpus, Progress progress, List<String> problems) throws IOException {
        DiseaseCounts[] diseases = new DiseaseCounts[corpus.sources()];
        java.util.Arrays.fill(diseases, DiseaseCounts.NONE);
        long[] labelled = new long[corpus.sources()];
        try (Progress.Task task = progress.start("Cells", "cells", corpus.cells())) {
            for (long first = 0; first < corpus.cells(); first += CELLS_AT_ONCE) {
                int count = (int) Math.min(CELLS_AT_ONCE, corpus.cells() - first);
                CellBatch batch = corpus.read(first, count);
                for (int cell = 0; cell < count; cell++) {
                    int source = batch.source()[cell];
                    diseases[source] = diseases[source].plus(Disease.of(batch.disease()[cell]));
                    labelled[source] += batch.label()[cell] != 0 ? 1 : 0;
                    String problem = problem(batch, cell, corpus);
                    if (problem != null) {
                        problems.add(corpus.folder() + ": cell " + (first + cell) + ": " + problem);
                        return;
                    }
                }
                task.advance(count);
            }
        }
        for (int source = 0; source < diseases.length; source++) {
            SourceReport report = corpus.manifest().sources().get(source);
            if (!diseases[source].equals(report.disease()) || diseases[source].total() != report.cellsKept()) {
                problems.add(corpus.folder().resolve("manifest.json") + ": source " + report.name() + " has "
                        + diseases[source] + ", the manifest says " + report.disease());
            }
            if (labelled[source] != report.labelled()) {
                problems.add(corpus.folder().resolve("manifest.json") + ": source " + report.name() + " has "
                        + labelled[source] + " cells with a label, the manifest says " + report.labelled());
            }
        }
    }

    private static @org.jspecify.annotations.Nullable String problem(CellBatch batch, int cell, Corpus corpus) {
        double sum = 0;
        for (int i = batch.offsets()[cell]; i < batch.offsets()[cell + 1]; i++) {
            if (batch.genes()[i] >= corpus.genes().size()) {
                return "gene " + (int) batch.genes()[i] + " is not in the vocabulary";
            }
            if (i > batch.offsets()[cell] && batch.genes()[i] <= batch.genes()[i - 1]) {
                return "its genes do not ascend";
            }
            float value = batch.values()[i];
            if (!(value > 0) || Float.isInfinite(value)) {
                return "has the value " + value;
            }
            sum += value;
        }
        boolean counts = batch.states()[cell] == ValueState.COUNTS;
        return counts && sum > batch.totals()[cell] * (1 + 1e-6)
                ? "has " + sum + " counts of a total of " + batch.totals()[cell]
                : null;
    }

    private static void unknownFiles(Path folder, CorpusManifest manifest, List<String> problems) throws IOException {
        Set<String> known = new HashSet<>();
        manifest.shards().forEach(shard -> known.add(shard.file()));
        Path shards = folder.resolve("shards");
        if (!Files.isDirectory(shards)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(shards)) {
            for (Path file : files) {
                if (!known.contains(file.getFileName().toString())) {
                    problems.add(file + ": is not part of the corpus");
                }
            }
        }
    }
}
