package org.celllm.tasks.annotate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.matrix.Column;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.tasks.pieces.PieceFile;

/**
 * Called cells as rows of numbers in a {@link PieceFile}: the class, the number beside it, the share of the cell's
 * expression on genes that the model knows. Reading them counts them.
 */
final class NamedRows {
    /** Numbers a cell. */
    static final int COLUMNS = 3;

    private final List<String> labels;
    private int[] counts;
    private double mapped;
    private int blank;
    private int cells;

    NamedRows(List<String> labels) {
        this.labels = labels;
        this.counts = new int[labels.size() + 1];
    }

    /** The rows of a batch. */
    static float[] of(CellBatch batch, double[][] chances, CellCalls.Rule rule) {
        float[] rows = new float[chances.length * COLUMNS];
        for (int i = 0; i < chances.length; i++) {
            CellCalls.Call call = rule.of(chances[i]);
            rows[i * COLUMNS] = call.code();
            rows[i * COLUMNS + 1] = call.number();
            rows[i * COLUMNS + 2] = EmbeddingStream.mappedFraction(batch, i);
        }
        return rows;
    }

    /** Takes called cells in order. */
    @FunctionalInterface
    interface Cells {
        /** @param code of the class, −1 for unassigned */
        void accept(int cell, int code, float number) throws IOException;
    }

    /** Reads all cells. */
    void forEach(PieceFile pieces, Cells sink) throws IOException {
        counts = new int[labels.size() + 1];
        mapped = 0;
        blank = 0;
        cells = 0;
        pieces.forEach((first, rows, count) -> {
            for (int i = 0; i < count; i++) {
                int code = (int) rows[i * COLUMNS];
                counts[code < 0 ? labels.size() : code]++;
                mapped += rows[i * COLUMNS + 2];
                blank += code < 0 && rows[i * COLUMNS + 1] == (float) (1.0 / labels.size()) ? 1 : 0;
                sink.accept(first + i, code, rows[i * COLUMNS + 1]);
            }
            cells += count;
        });
    }

    /** The label of a class, {@link Predictions#UNASSIGNED} for −1. */
    String label(int code) {
        return code < 0 ? Predictions.UNASSIGNED : labels.get(code);
    }

    /** Cells of each class, and unassigned ones last, as they were read. */
    int[] counts() {
        return counts.clone();
    }

    /** Cells of which nothing is known, all labels being equally probable, as they were read. */
    int blank() {
        return blank;
    }

    /** Mean over the cells as they were read. */
    double meanMappedFraction() {
        return cells == 0 ? 0 : mapped / cells;
    }

    /** The columns that are added to {@code obs}. */
    record Columns(Column labels, Column numbers) {}

    /** Reads all cells into columns: 12 bytes a cell. */
    Columns columns(PieceFile pieces, int size) throws IOException {
        int[] codes = new int[size];
        double[] numbers = new double[size];
        forEach(pieces, (cell, code, number) -> {
            codes[cell] = code;
            numbers[cell] = number;
        });
        List<String> categories = new ArrayList<>(labels);
        if (counts[labels.size()] > 0) {
            int known = categories.indexOf(Predictions.UNASSIGNED);
            int unassigned = known < 0 ? categories.size() : known;
            if (known < 0) {
                categories.add(Predictions.UNASSIGNED);
            }
            for (int cell = 0; cell < size; cell++) {
                codes[cell] = codes[cell] < 0 ? unassigned : codes[cell];
            }
        }
        return new Columns(new Column.Categorical(codes, categories), new Column.Numeric(numbers, false));
    }
}
