package org.celllm.app.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.celllm.app.report.ReportPage.CellMap;
import org.celllm.app.report.ReportPage.Colouring;
import org.celllm.data.InputException;
import org.celllm.data.hdf5.Hdf5Dataset;
import org.celllm.data.hdf5.Hdf5File;
import org.celllm.data.hdf5.Hdf5Group;
import org.celllm.data.hdf5.Hdf5Values;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.jspecify.annotations.Nullable;

/**
 * Cells of an {@code .h5ad} that {@code celllm embed} wrote, with the columns they can be coloured by.
 *
 * @param file where they come from
 * @param embeddings [cells, dim]
 * @param cells names and columns
 */
public record EmbeddedCells(Path file, float[][] embeddings, AnnotationTable cells) {
    private static final String EMBEDDING = "X_celllm";

    /** Larger maps are sampled anyway, and this many numbers are half a gigabyte. */
    private static final long MOST_NUMBERS = 1L << 27;

    private static final int MOST_LABELS = 60;
    private static final int MOST_COLOURINGS = 24;

    /**
     * Reads the embedding and the columns of {@code obs}.
     *
     * @throws InputException when the file has no {@code obsm["X_celllm"]}
     */
    public static EmbeddedCells read(Path file) throws IOException {
        AnnotationTable cells;
        try (ExpressionFile open = ExpressionFiles.open(file)) {
            cells = open.cells();
        }
        try (Hdf5File open = Hdf5File.open(file)) {
            Hdf5Group obsm = open.root().group("obsm");
            Hdf5Dataset dataset = obsm == null ? null : obsm.dataset(EMBEDDING);
            if (dataset == null) {
                throw InputException.about(file)
                        .at("obsm")
                        .found("has no " + EMBEDDING)
                        .remedy("Make one with `celllm embed MODEL " + file
                                + " --out EMBEDDED.h5ad` and give that file")
                        .build();
            }
            long[] shape = dataset.shape();
            if (shape.length != 2 || shape[0] != cells.size() || dataset.elements() > MOST_NUMBERS) {
                throw InputException.about(file)
                        .at("obsm/" + EMBEDDING)
                        .found("has the shape " + java.util.Arrays.toString(shape))
                        .expected("[" + cells.size() + ", dim] of at most " + MOST_NUMBERS + " numbers")
                        .build();
            }
            return new EmbeddedCells(file, rows(Hdf5Values.doubles(dataset), cells.size()), cells);
        }
    }

    /**
     * Lays the cells out; {@code null} when there are too few to.
     *
     * @param first a column to colour by at first, if the cells have it
     * @param seed of the layout
     */
    public @Nullable CellMap map(@Nullable String first, long seed) {
        if (cells.size() < UmapProjection.FEWEST_CELLS) {
            return null;
        }
        UmapProjection places = UmapProjection.of(embeddings, seed);
        String sampled = places.cells().length < cells.size()
                ? ", a random " + Figures.whole(places.cells().length) + " of " + Figures.whole(cells.size()) + " cells"
                : "";
        return new CellMap(
                "UMAP of the embeddings in " + file + sampled
                        + ". Neighbours are alike; distances between far groups mean little.",
                places.x(),
                places.y(),
                colourings(places.cells(), first));
    }

    /** Columns with a few labels, then columns of numbers; the wanted one first. */
    List<Colouring> colourings(int[] shown, @Nullable String first) {
        List<Colouring> labels = new ArrayList<>();
        List<Colouring> numbers = new ArrayList<>();
        cells.columns().forEach((name, column) -> {
            if (column instanceof Column.Numeric numeric && !fewWhole(numeric)) {
                Colouring colouring = numbers(name, numeric, shown);
                if (colouring != null) {
                    numbers.add(colouring);
                }
            } else {
                Colouring colouring = labels(name, column, shown);
                if (colouring != null) {
                    labels.add(colouring);
                }
            }
        });
        labels.addAll(numbers);
        if (first != null && cells.column(first) == null) {
            throw InputException.about(file)
                    .at("obs")
                    .found("no column \"" + first + "\" among "
                            + cells.columns().keySet())
                    .remedy("Name one of them by --colour")
                    .build();
        }
        labels.sort(Comparator.comparing(colouring -> !colouring.name().equals(first)));
        return labels.subList(0, Math.min(MOST_COLOURINGS, labels.size()));
    }

    private static @Nullable Colouring labels(String name, Column column, int[] shown) {
        TreeMap<String, Integer> index = new TreeMap<>();
        for (int row : shown) {
            String text = column.text(row);
            if (text != null) {
                index.put(text, 0);
            }
            if (index.size() > MOST_LABELS) {
                return null;
            }
        }
        if (index.size() < 2) {
            return null;
        }
        int next = 0;
        for (Map.Entry<String, Integer> label : index.entrySet()) {
            label.setValue(next++);
        }
        int[] codes = new int[shown.length];
        for (int i = 0; i < shown.length; i++) {
            String text = column.text(shown[i]);
            codes[i] = text == null ? -1 : index.getOrDefault(text, -1);
        }
        return new Colouring(name, List.copyOf(index.keySet()), codes, null);
    }

    private static @Nullable Colouring numbers(String name, Column.Numeric column, int[] shown) {
        List<@Nullable Double> values = new ArrayList<>();
        Set<Double> distinct = new HashSet<>();
        for (int row : shown) {
            double value = column.values()[row];
            boolean finite = Double.isFinite(value);
            values.add(finite ? Double.valueOf((float) value) : null);
            if (finite && distinct.size() < 2) {
                distinct.add(value);
            }
        }
        return distinct.size() < 2 ? null : new Colouring(name, null, null, values);
    }

    /** Cluster numbers are labels, not amounts. */
    private static boolean fewWhole(Column.Numeric column) {
        if (!column.integer()) {
            return false;
        }
        Set<Double> distinct = new HashSet<>();
        for (double value : column.values()) {
            if (distinct.add(value) && distinct.size() > 20) {
                return false;
            }
        }
        return true;
    }

    private static float[][] rows(double[] values, int cells) {
        int dim = cells == 0 ? 0 : values.length / cells;
        float[][] rows = new float[cells][dim];
        for (int cell = 0; cell < cells; cell++) {
            for (int i = 0; i < dim; i++) {
                float value = (float) values[cell * dim + i];
                rows[cell][i] = Float.isFinite(value) ? value : 0;
            }
        }
        return rows;
    }
}
