package org.celllm.tasks.neighbours;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.tasks.embed.FileEmbedding;
import org.celllm.tasks.labels.CellLabels;
import org.celllm.tasks.labels.LabelSample;

/**
 * The labelled cells of a file as vectors in memory.
 *
 * @param names [cells]
 * @param rows [cells] their rows in the file
 * @param labels [cells] all of them known
 * @param vectors [cells] of length one
 * @param reading what the encoder read
 * @param left labelled cells of the file that are left out because there were too many
 */
public record LabelledReference(
        List<String> names, int[] rows, CellLabels labels, UnitVectors vectors, FileEmbedding reading, int left) {
    /** Bytes a cell beside its vector: name, label, links of an index. */
    private static final long BESIDE_A_VECTOR = 500;

    public LabelledReference {
        names = List.copyOf(names);
        if (names.size() != vectors.size()
                || rows.length != vectors.size()
                || labels.codes().length != vectors.size()
                || labels.labelled() != vectors.size()) {
            throw new IllegalArgumentException("names, labels and vectors describe different cells");
        }
    }

    /**
     * Embeds the labelled cells of a file.
     *
     * @param column of labels
     * @param mostCells beyond that a stratified sample is taken
     * @throws InputException when the file cannot be used, the column is no column of labels, or the vectors would not fit
     *     in memory
     */
    public static LabelledReference read(
            CellEmbedder embedder, Path path, String column, int mostCells, long seed, Progress progress)
            throws IOException {
        EmbedSettings settings = embedder.settings();
        try (CellFile file = CellFile.open(path, settings.values(), settings.identity())) {
            CellLabels all = CellLabels.read(path, file.cells(), column);
            boolean[] kept = LabelSample.of(all, mostCells, seed);
            int count = 0;
            for (int cell = 0; cell < kept.length; cell++) {
                kept[cell] &= all.codes()[cell] >= 0;
                count += kept[cell] ? 1 : 0;
            }
            requireRoom(path, count, embedder.dim());
            float[][] vectors = new float[count][];
            int[] rows = new int[count];
            int[] filled = {0};
            FileEmbedding reading = EmbeddingStream.run(
                    embedder,
                    file,
                    (batch, embedded) -> {
                        for (int i = 0; i < embedded.length; i++) {
                            int row = (int) batch.rows()[i];
                            if (kept[row]) {
                                rows[filled[0]] = row;
                                vectors[filled[0]++] = UnitVectors.scaled(embedded[i]);
                            }
                        }
                    },
                    progress);
            List<String> names = new ArrayList<>(count);
            for (int row : rows) {
                names.add(file.cells().names().get(row));
            }
            return new LabelledReference(
                    names,
                    rows,
                    new CellLabels(all.names(), all.codesOf(rows)),
                    new UnitVectors(vectors, embedder.dim()),
                    reading,
                    all.labelled() - count);
        }
    }

    private static void requireRoom(Path path, int cells, int dim) {
        long bytes = cells * (4L * dim + BESIDE_A_VECTOR);
        long room = Runtime.getRuntime().maxMemory() * 3 / 4;
        if (bytes > room) {
            throw InputException.about(path)
                    .found(cells + " labelled cells, whose vectors take " + (bytes >> 20) + " MiB")
                    .expected("at most " + (room >> 20) + " MiB in the memory there is")
                    .remedy("Give more by --memory, or take a sample by --most-cells")
                    .build();
        }
    }
}
