package org.celllm.data.matrix;

import java.util.Arrays;

/**
 * Builds a {@link CellBlock} cell by cell and keeps its promises: whatever order the values come in, within a cell the
 * genes ascend, none stands twice (values of the same gene are summed) and zeros and NaN are left out.
 */
public final class CellBlocks {
    private final int[] offsets;
    private int[] genes;
    private float[] values;
    private int cells;
    private int end;
    private int last = -1;
    private boolean ordered = true;
    private long missing;

    /**
     * @param cells cells the block holds at most
     * @param expected values to make room for; more are taken too
     */
    public CellBlocks(int cells, int expected) {
        this.offsets = new int[cells + 1];
        this.genes = new int[Math.max(16, expected)];
        this.values = new float[genes.length];
    }

    /** Adds a value to the current cell. */
    public void add(int gene, float value) {
        if (value == 0) {
            return;
        }
        if (Float.isNaN(value)) {
            missing++;
            return;
        }
        if (end == genes.length) {
            int grown = (int) Math.min(Integer.MAX_VALUE - 64L, end * 3L / 2 + 1024);
            genes = Arrays.copyOf(genes, grown);
            values = Arrays.copyOf(values, grown);
        }
        ordered &= gene > last;
        last = gene;
        genes[end] = gene;
        values[end++] = value;
    }

    /** Ends the current cell; the next value belongs to the next one. */
    public void endCell() {
        if (!ordered) {
            end = order(offsets[cells], end);
        }
        offsets[++cells] = end;
        last = -1;
        ordered = true;
    }

    /** Cells ended so far. */
    public int cells() {
        return cells;
    }

    /** Values of all cells so far. */
    public int size() {
        return end;
    }

    /** Counts values as NaN that were left out before the cells came here. */
    public void addMissing(long number) {
        missing += number;
    }

    /** The block of the cells ended so far. */
    public CellBlock build(int firstCell) {
        return new CellBlock(
                firstCell,
                cells,
                cells + 1 == offsets.length ? offsets : Arrays.copyOf(offsets, cells + 1),
                genes,
                values,
                missing);
    }

    private int order(int from, int to) {
        // Genes and positions in one long sort without objects.
        long[] keys = new long[to - from];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (long) genes[from + i] << 32 | Integer.toUnsignedLong(Float.floatToRawIntBits(values[from + i]));
        }
        Arrays.sort(keys);
        int out = from;
        for (int i = 0; i < keys.length; i++) {
            int gene = (int) (keys[i] >>> 32);
            float value = Float.intBitsToFloat((int) keys[i]);
            if (out > from && genes[out - 1] == gene) {
                values[out - 1] += value;
            } else {
                genes[out] = gene;
                values[out++] = value;
            }
        }
        int kept = from;
        for (int i = from; i < out; i++) {
            if (values[i] != 0) {
                genes[kept] = genes[i];
                values[kept++] = values[i];
            }
        }
        return kept;
    }
}
