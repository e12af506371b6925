package org.celllm.tasks.neighbours;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.celllm.data.InputException;
import org.celllm.data.anndata.write.EmbeddingRows;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.matrix.Column;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.annotate.Predictions;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.tasks.embed.EnrichedFile;
import org.celllm.tasks.embed.FileEmbedding;
import org.celllm.tasks.files.CsvText;

/**
 * Names the cells of files by their neighbours, into files: {@code celllm neighbours}.
 *
 * <p>A {@code .csv} has a line a cell: {@code cell,label,share}, and for each neighbour, the nearest first, {@code
 * neighbour_1,label_1,distance_1}. A {@code .h5ad} is a copy with {@link #LABEL}, {@link #SHARE}, {@link #NEAREST} (the
 * nearest cell's name) in {@code obs}, and in {@code obsm} {@link #ROWS} (rows of the reference's file, from 0) and {@link
 * #DISTANCES}. Distances are 1 − cosine.
 */
public final class NeighbourFiles {
    /** Column of labels in {@code obs}. */
    public static final String LABEL = "celllm_label";
    /** Column of the label's share of the vote. */
    public static final String SHARE = "celllm_share";
    /** Column of the nearest cell's name. */
    public static final String NEAREST = "celllm_nearest";
    /** Matrix of neighbours in {@code obsm}. */
    public static final String ROWS = "celllm_neighbours";
    /** Matrix of their distances. */
    public static final String DISTANCES = "celllm_neighbour_distances";

    private NeighbourFiles() {}

    /**
     * What it came to.
     *
     * @param counts [classes + 1] cells of each label, and unassigned ones last
     * @param meanShare of the vote, over the cells
     * @param meanDistance of the nearest cell
     * @param reading what the encoder read of the query
     * @param seconds that searching took, without encoding
     */
    public record Result(int[] counts, double meanShare, double meanDistance, FileEmbedding reading, double seconds) {}

    /**
     * Names the cells of a file.
     *
     * @param search over the reference's vectors
     * @param k neighbours that vote
     * @param threshold cells whose label has a smaller share of the vote are {@code unassigned}
     * @throws InputException when {@code query} cannot be used, or {@code out} ends in neither {@code .csv} nor {@code
     *     .h5ad}
     */
    public static Result write(
            CellEmbedder embedder,
            LabelledReference reference,
            NeighbourSearch search,
            Path query,
            Path out,
            int k,
            double threshold,
            Progress progress)
            throws IOException {
        boolean csv = CsvText.orH5ad(out);
        EmbedSettings settings = embedder.settings();
        try (CellFile file = CellFile.open(query, settings.values(), settings.identity())) {
            List<Nearest> found = new ArrayList<>();
            long[] nanos = {0};
            FileEmbedding reading = EmbeddingStream.run(
                    embedder,
                    file,
                    (batch, rows) -> {
                        long started = System.nanoTime();
                        found.add(search.nearest(UnitVectors.of(rows, embedder.dim()), k));
                        nanos[0] += System.nanoTime() - started;
                    },
                    progress);
            NamedCells cells = new NamedCells(reference, found, file.cellCount(), threshold);
            if (csv) {
                writeCsv(cells, file, out);
            } else {
                EnrichedFile.write(file, out, additions -> addTo(additions, cells));
            }
            return new Result(cells.counts(), cells.meanShare(), cells.meanDistance(), reading, nanos[0] / 1e9);
        }
    }

    private static void writeCsv(NamedCells cells, CellFile file, Path out) throws IOException {
        List<String> names = file.cells().names();
        LabelledReference reference = cells.reference();
        SafeFiles.stream(out, stream -> {
            BufferedWriter text = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16);
            text.write("cell,label,share");
            for (int i = 1; i <= cells.k(); i++) {
                text.write(",neighbour_" + i + ",label_" + i + ",distance_" + i);
            }
            text.write("\n");
            cells.forEach((cell, nearest, query, code, share) -> {
                text.write(CsvText.quoted(names.get(cell)) + "," + CsvText.quoted(cells.label(code)) + ","
                        + String.format(Locale.ROOT, "%.4f", share));
                for (int i = query * nearest.k(); i < (query + 1) * nearest.k(); i++) {
                    int row = nearest.rows()[i];
                    text.write("," + CsvText.quoted(reference.names().get(row)) + ","
                            + CsvText.quoted(reference
                                    .labels()
                                    .names()
                                    .get(reference.labels().codes()[row]))
                            + "," + String.format(Locale.ROOT, "%.6f", 1 - nearest.cosines()[i]));
                }
                text.write("\n");
            });
            text.flush();
        });
    }

    private static void addTo(EnrichedFile.Additions additions, NamedCells cells) throws IOException {
        LabelledReference reference = cells.reference();
        matrix(additions, ROWS, cells, (nearest, i) -> reference.rows()[nearest.rows()[i]]);
        matrix(additions, DISTANCES, cells, (nearest, i) -> 1 - nearest.cosines()[i]);
        List<String> categories = new ArrayList<>(reference.labels().names());
        int[] codes = new int[cells.size()];
        double[] shares = new double[codes.length];
        String[] names = new String[codes.length];
        cells.forEach((cell, nearest, query, code, share) -> {
            codes[cell] = code < 0 ? reference.labels().classes() : code;
            shares[cell] = share;
            names[cell] = reference.names().get(nearest.rows()[query * nearest.k()]);
        });
        if (cells.counts()[categories.size()] > 0) {
            categories.add(Predictions.UNASSIGNED);
        }
        additions.obs(LABEL, new Column.Categorical(codes, categories));
        additions.obs(SHARE, new Column.Numeric(shares, false));
        additions.obs(NEAREST, new Column.Text(names));
    }

    @FunctionalInterface
    private interface Value {
        float of(Nearest nearest, int i);
    }

    private static void matrix(EnrichedFile.Additions additions, String name, NamedCells cells, Value value)
            throws IOException {
        try (EmbeddingRows obsm = additions.obsm(name, cells.k())) {
            for (Nearest nearest : cells.found()) {
                float[] values = new float[nearest.rows().length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = value.of(nearest, i);
                }
                obsm.put(values, nearest.queries());
            }
        }
    }
}
