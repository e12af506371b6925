package org.celllm.data.cells;

import java.util.Arrays;
import java.util.List;
import org.celllm.data.tokens.ExpressionTokens;
import org.celllm.data.tokens.ValueState;

/** Makes batches: of parts of others, of several others, and of arrays. */
public final class CellBatches {
    private CellBatches() {}

    /**
     * Some cells of a batch.
     *
     * @param cells their places in the batch, in the order wanted; one may stand twice
     */
    public static CellBatch select(CellBatch batch, int[] cells) {
        int[] offsets = new int[cells.length + 1];
        for (int i = 0; i < cells.length; i++) {
            offsets[i + 1] = offsets[i] + batch.length(cells[i]);
        }
        Filling filling = new Filling(cells.length, offsets);
        for (int i = 0; i < cells.length; i++) {
            filling.copy(batch, cells[i], i);
        }
        return filling.batch();
    }

    /**
     * The first cells of a batch, each with its first genes only.
     *
     * @param cells how many
     * @param most genes of a cell
     */
    public static CellBatch head(CellBatch batch, int cells, int most) {
        int[] offsets = new int[cells + 1];
        for (int i = 0; i < cells; i++) {
            offsets[i + 1] = offsets[i] + Math.min(most, batch.length(i));
        }
        Filling filling = new Filling(cells, offsets);
        for (int i = 0; i < cells; i++) {
            filling.copy(batch, i, i);
        }
        return filling.batch();
    }

    /**
     * The batch without the values behind those that its cells turned out to have.
     *
     * @param lengths [cells] values of each, none more than it has room for
     * @return the same batch where all room is taken
     */
    public static CellBatch trimmed(CellBatch batch, int[] lengths) {
        int[] offsets = new int[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            offsets[i + 1] = offsets[i] + lengths[i];
        }
        if (offsets[lengths.length] == batch.offsets()[lengths.length]) {
            return batch;
        }
        Filling filling = new Filling(lengths.length, offsets);
        for (int i = 0; i < lengths.length; i++) {
            filling.copy(batch, i, i);
        }
        return filling.batch();
    }

    /** All cells of several batches, one batch after the other. */
    public static CellBatch concat(List<CellBatch> batches) {
        int cells = batches.stream().mapToInt(CellBatch::cells).sum();
        int[] offsets = new int[cells + 1];
        int at = 0;
        for (CellBatch batch : batches) {
            for (int i = 0; i < batch.cells(); i++) {
                offsets[at + 1] = Math.addExact(offsets[at], batch.length(i));
                at++;
            }
        }
        Filling filling = new Filling(cells, offsets);
        at = 0;
        for (CellBatch batch : batches) {
            for (int i = 0; i < batch.cells(); i++) {
                filling.copy(batch, i, at++);
            }
        }
        return filling.batch();
    }

    /**
     * Cells from a matrix of counts whose columns are the vocabulary's genes.
     *
     * @param counts [cells, genes] zero or more
     */
    public static CellBatch ofCounts(float[][] counts) {
        return of(counts, ValueState.COUNTS);
    }

    /**
     * Cells from a matrix of counts whose columns are the vocabulary's genes.
     *
     * @param counts [cells, genes] zero or more
     */
    public static CellBatch ofCounts(double[][] counts) {
        float[][] single = new float[counts.length][];
        for (int cell = 0; cell < counts.length; cell++) {
            single[cell] = new float[counts[cell].length];
            for (int gene = 0; gene < counts[cell].length; gene++) {
                single[cell][gene] = (float) counts[cell][gene];
            }
        }
        return ofCounts(single);
    }

    /**
     * Cells from a matrix whose columns are the vocabulary's genes.
     *
     * @param values [cells, genes] in the state; zeros are genes not expressed, NaN is not allowed
     */
    public static CellBatch of(float[][] values, ValueState state) {
        int cells = values.length;
        int[] offsets = new int[cells + 1];
        for (int cell = 0; cell < cells; cell++) {
            int expressed = 0;
            for (float value : values[cell]) {
                if (Float.isNaN(value) || (value < 0 && state != ValueState.SCALED && state != ValueState.ASIS)) {
                    throw new IllegalArgumentException(
                            "cell " + cell + " has the value " + value + ", which no " + state.word() + " are");
                }
                expressed += value != 0 ? 1 : 0;
            }
            offsets[cell + 1] = offsets[cell] + expressed;
        }
        Filling filling = new Filling(cells, offsets);
        for (int cell = 0; cell < cells; cell++) {
            int at = offsets[cell];
            double total = 0;
            for (int gene = 0; gene < values[cell].length; gene++) {
                float value = values[cell][gene];
                if (value != 0) {
                    filling.genes[at] = (char) gene;
                    filling.values[at++] = value;
                    total += ExpressionTokens.linear(value, state);
                }
            }
            filling.totals[cell] = total;
            filling.states[cell] = state;
            filling.rows[cell] = cell;
        }
        return filling.batch();
    }

    /** The columns of a batch while it is made. */
    private static final class Filling {
        private final int cells;
        private final int[] offsets;
        private final char[] genes;
        private final float[] values;
        private final double[] totals;
        private final ValueState[] states;
        private final byte[] disease;
        private final int[] label;
        private final int[] source;
        private final long[] rows;

        Filling(int cells, int[] offsets) {
            this.cells = cells;
            this.offsets = offsets;
            this.genes = new char[offsets[cells]];
            this.values = new float[offsets[cells]];
            this.totals = new double[cells];
            this.states = new ValueState[cells];
            this.disease = new byte[cells];
            this.label = new int[cells];
            this.source = new int[cells];
            this.rows = new long[cells];
            Arrays.fill(disease, Disease.UNKNOWN.code());
        }

        void copy(CellBatch from, int cell, int to) {
            int start = from.offsets()[cell];
            int length = offsets[to + 1] - offsets[to];
            System.arraycopy(from.genes(), start, genes, offsets[to], length);
            System.arraycopy(from.values(), start, values, offsets[to], length);
            totals[to] = from.totals()[cell];
            states[to] = from.states()[cell];
            disease[to] = from.disease()[cell];
            label[to] = from.label()[cell];
            source[to] = from.source()[cell];
            rows[to] = from.rows()[cell];
        }

        CellBatch batch() {
            return new CellBatch(cells, offsets, genes, values, totals, states, disease, label, source, rows);
        }
    }
}
