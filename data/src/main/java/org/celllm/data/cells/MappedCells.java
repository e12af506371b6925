package org.celllm.data.cells;

import java.util.Arrays;
import org.celllm.data.tokens.ExpressionTokens;
import org.celllm.data.tokens.ValueState;

/** Builds a batch cell by cell from values whose places in the vocabulary come in any order, also twice. */
final class MappedCells {
    private final ValueState state;
    private final int[] offsets;
    private char[] genes;
    private float[] values;
    private final double[] totals;
    private final long[] rows;
    private int cells;
    private int end;
    private boolean ordered = true;

    MappedCells(int cells, int values, ValueState state) {
        this.state = state;
        this.offsets = new int[cells + 1];
        this.genes = new char[Math.max(16, values)];
        this.values = new float[genes.length];
        this.totals = new double[cells];
        this.rows = new long[cells];
    }

    void add(int place, float value) {
        if (end == genes.length) {
            genes = Arrays.copyOf(genes, 2 * end);
            values = Arrays.copyOf(values, 2 * end);
        }
        ordered &= end == offsets[cells] || genes[end - 1] < place;
        genes[end] = (char) place;
        values[end++] = value;
    }

    void endCell(double total, long row) {
        if (!ordered) {
            order();
        }
        totals[cells] = total;
        rows[cells] = row;
        offsets[++cells] = end;
        ordered = true;
    }

    private void order() {
        int from = offsets[cells];
        long[] keys = new long[end - from];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (long) genes[from + i] << 32 | Integer.toUnsignedLong(Float.floatToRawIntBits(values[from + i]));
        }
        Arrays.sort(keys);
        int out = from;
        for (long key : keys) {
            char gene = (char) (key >>> 32);
            float value = Float.intBitsToFloat((int) key);
            if (out > from && genes[out - 1] == gene) {
                values[out - 1] = ExpressionTokens.sum(values[out - 1], value, state);
            } else {
                genes[out] = gene;
                values[out++] = value;
            }
        }
        end = out;
    }

    CellBatch batch() {
        ValueState[] states = new ValueState[cells];
        Arrays.fill(states, state);
        byte[] disease = new byte[cells];
        Arrays.fill(disease, Disease.UNKNOWN.code());
        return new CellBatch(
                cells,
                offsets,
                Arrays.copyOf(genes, end),
                Arrays.copyOf(values, end),
                totals,
                states,
                disease,
                new int[cells],
                new int[cells],
                rows);
    }
}
