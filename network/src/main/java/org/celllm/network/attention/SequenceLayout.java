package org.celllm.network.attention;

import org.celllm.network.CellSequences;
import org.celllm.network.PaddingMode;

/**
 * Which rows of the long matrix belong to which cell. The rows of a cell follow each other, CLS first. In
 * {@link PaddingMode#PUBLISHED} one more row a cell stands for all its padded positions; these rows come after all
 * others, in the order of the cells, so that the rows before them are those of the other mode.
 *
 * @param cells how many
 * @param starts [cells + 1] first row of each cell; the last is the number of positions
 * @param padded [cells] how many padded positions the cell's padding row stands for; empty when there are none
 * @param filler rows after all others that belong to no cell and mean nothing: see {@link #rounded}
 */
public record SequenceLayout(int cells, int[] starts, int[] padded, int filler) {
    /** A layout without filler. */
    public SequenceLayout(int cells, int[] starts, int[] padded) {
        this(cells, starts, padded, 0);
    }

    public SequenceLayout {
        if (starts.length != cells + 1 || (padded.length != 0 && padded.length != cells)) {
            throw new IllegalArgumentException("starts and padding do not describe " + cells + " cells");
        }
    }

    /**
     * The layout of {@code cells}.
     *
     * @throws IllegalArgumentException when padding is asked for and a cell is longer than {@code maxLength}
     */
    public static SequenceLayout of(CellSequences sequences, PaddingMode padding, int maxLength) {
        int cells = sequences.cells();
        int[] starts = new int[cells + 1];
        for (int cell = 0; cell <= cells; cell++) {
            starts[cell] = sequences.offsets()[cell] + cell;
        }
        if (padding == PaddingMode.NONE) {
            return new SequenceLayout(cells, starts, new int[0]);
        }
        int[] padded = new int[cells];
        for (int cell = 0; cell < cells; cell++) {
            padded[cell] = maxLength - 1 - sequences.length(cell);
            if (padded[cell] < 0) {
                throw new IllegalArgumentException("cell " + cell + " has " + sequences.length(cell)
                        + " genes and CLS, but a padded sequence is " + maxLength
                        + " long: cut it with CellSequences.truncate first");
            }
        }
        return new SequenceLayout(cells, starts, padded);
    }

    /**
     * The same cells with filler up to one of sixteen numbers of rows in each power of two. The library prepares and
     * keeps a program for every size of a product: with few sizes that happens seldom. There is always enough filler
     * for attention to read a few rows behind the last cell.
     */
    public SequenceLayout rounded() {
        return new SequenceLayout(cells, starts, padded, roundUp(rows() + FavorOperands.SLACK) - rows());
    }

    /** The next of sixteen numbers in each power of two; multiples of 16 below 512. */
    static int roundUp(int length) {
        int step = Math.max(16, Integer.highestOneBit(length) / 16);
        return (length + step - 1) / step * step;
    }

    /** Rows without those of padding. */
    public int positions() {
        return starts[cells];
    }

    /** All rows. */
    public int rows() {
        return positions() + padded.length + filler;
    }

    /** Rows of a cell without its padding row. */
    public int length(int cell) {
        return starts[cell + 1] - starts[cell];
    }

    /** Whether cells have a padding row. */
    public boolean hasPadding() {
        return padded.length > 0;
    }

    /** The row that stands for a cell's padding. */
    public int paddingRow(int cell) {
        return positions() + cell;
    }
}
