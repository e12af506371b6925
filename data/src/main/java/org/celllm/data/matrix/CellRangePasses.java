package org.celllm.data.matrix;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns {@link Coordinates} into cells in bounded memory and without temporary files. The values of each cell are
 * counted first, so their places are known; then the matrix is streamed once for every range of cells that fits the
 * budget, and only the values of that range are kept.
 */
public final class CellRangePasses implements CellReader {
    private static final int BYTES_OF_VALUE = 8;

    private static final int SMALLEST_BUDGET = 1 << 20;

    private static final int LARGEST_BUDGET = 1 << 28;

    private final Coordinates coordinates;
    private final int cells;
    private final int cellsPerBlock;
    private final long budget;
    private final int[] counts;
    private boolean counted;
    private int[] genes = new int[0];
    private float[] values = new float[0];
    private int[] starts = new int[1];
    private int rangeFrom;
    private int rangeTo;
    private int cell;

    /**
     * @param cells how many cells there are
     * @param cellsPerBlock cells a block at most
     * @param budget values kept at a time, each 8 bytes
     */
    public CellRangePasses(Coordinates coordinates, int cells, int cellsPerBlock, long budget) {
        this.coordinates = coordinates;
        this.cells = cells;
        this.cellsPerBlock = cellsPerBlock;
        this.budget = budget;
        this.counts = new int[cells];
    }

    /** A budget of a sixth of this thread's share of the largest heap. */
    public static long budgetOfHeap() {
        long values = HeapShare.bytes() / 6 / BYTES_OF_VALUE;
        return Math.max(SMALLEST_BUDGET, Math.min(LARGEST_BUDGET, values));
    }

    /**
     * Reads a few cells of a matrix: the values of all others are dropped as they stream by.
     *
     * @param rows cells to read, ascending
     * @param cells how many cells the matrix has
     * @return the cells of {@code rows} in that order, numbered from 0
     */
    public static CellBlock pick(Coordinates coordinates, int[] rows, int cells) throws IOException {
        int[] place = new int[cells];
        Arrays.fill(place, -1);
        for (int i = 0; i < rows.length; i++) {
            place[rows[i]] = i;
        }
        CellBlocks block = new CellBlocks(rows.length, 1 << 16);
        int[][] genes = new int[rows.length][16];
        float[][] values = new float[rows.length][16];
        int[] counts = new int[rows.length];
        coordinates.forEach((cell, gene, value) -> {
            int i = place[cell];
            if (i >= 0) {
                if (counts[i] == genes[i].length) {
                    genes[i] = Arrays.copyOf(genes[i], 2 * counts[i]);
                    values[i] = Arrays.copyOf(values[i], 2 * counts[i]);
                }
                genes[i][counts[i]] = gene;
                values[i][counts[i]++] = value;
            }
        });
        for (int i = 0; i < rows.length; i++) {
            for (int k = 0; k < counts[i]; k++) {
                block.add(genes[i][k], values[i][k]);
            }
            block.endCell();
        }
        return block.build(0);
    }

    @Override
    public @Nullable CellBlock next() throws IOException {
        if (!counted) {
            coordinates.count(counts);
            counted = true;
        }
        if (cell >= cells) {
            return null;
        }
        if (cell >= rangeTo) {
            fill();
        }
        int first = cell;
        int last = Math.min(rangeTo, first + cellsPerBlock);
        CellBlocks block = new CellBlocks(last - first, starts[last - rangeFrom] - starts[first - rangeFrom]);
        for (; cell < last; cell++) {
            for (int i = starts[cell - rangeFrom]; i < starts[cell - rangeFrom + 1]; i++) {
                block.add(genes[i], values[i]);
            }
            block.endCell();
        }
        return block.build(first);
    }

    private void fill() throws IOException {
        rangeFrom = cell;
        rangeTo = endOfRange();
        int from = rangeFrom;
        int to = rangeTo;
        starts = new int[to - from + 1];
        for (int i = from; i < to; i++) {
            starts[i - from + 1] = starts[i - from] + counts[i];
        }
        // Freed before the next are made: two ranges at once would be twice the budget.
        genes = new int[0];
        values = new float[0];
        genes = new int[starts[to - from]];
        values = new float[starts[to - from]];
        int[] next = starts.clone();
        coordinates.forEach((row, gene, value) -> {
            if (row >= from && row < to) {
                int at = next[row - from]++;
                genes[at] = gene;
                values[at] = value;
            }
        });
    }

    @Override
    public void skipTo(int row) {
        cell = row;
    }

    private int endOfRange() {
        long total = 0;
        int to = cell;
        while (to < cells && (to == cell || total + counts[to] <= budget)) {
            total += counts[to++];
        }
        return to;
    }

    @Override
    public void close() throws IOException {
        genes = new int[0];
        values = new float[0];
    }
}
