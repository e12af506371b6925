package org.celllm.network;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.celllm.network.attention.SequenceLayout;

/**
 * Rows of an encoding that are read: CLS of every cell, and others. What the last layer would make of the rest is then left out, with
 * its way back: their keys and values are needed, their queries and all that follows are not.
 */
public final class RowSelection {
    private final int[] rows;
    private final int[] starts;
    private final int[] places;

    private RowSelection(int[] rows, int[] starts, int positions) {
        this.rows = rows;
        this.starts = starts;
        this.places = new int[positions];
        Arrays.fill(places, -1);
        for (int place = 0; place < rows.length; place++) {
            places[rows[place]] = place;
        }
    }

    /**
     * CLS of each cell and other rows.
     *
     * @param others rows of the encoding of {@code cells}, in any order
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public static RowSelection of(CellSequences cells, long[] others) {
        boolean[] read = new boolean[cells.positions()];
        for (int cell = 0; cell < cells.cells(); cell++) {
            read[cells.clsRow(cell)] = true;
        }
        for (long row : others) {
            read[Math.toIntExact(row)] = true;
        }
        int[] rows = IntStream.range(0, read.length).filter(row -> read[row]).toArray();
        int[] starts = new int[cells.cells() + 1];
        int cell = 0;
        for (int place = 0; place < rows.length; place++) {
            if (cell < cells.cells() && rows[place] == cells.clsRow(cell)) {
                starts[cell++] = place;
            }
        }
        starts[cells.cells()] = rows.length;
        return new RowSelection(rows, starts, read.length);
    }

    /** How many rows are read. */
    public int count() {
        return rows.length;
    }

    /** Share of the rows that are read. */
    public double share() {
        return (double) rows.length / places.length;
    }

    /** [{@link #count()}] the rows, ascending. */
    public long[] rows() {
        return Arrays.stream(rows).asLongStream().toArray();
    }

    /** Where CLS of each cell stands among the rows. */
    public long[] cls() {
        return Arrays.stream(starts, 0, starts.length - 1).asLongStream().toArray();
    }

    /**
     * Where some rows stand among those that are read.
     *
     * @throws IllegalArgumentException when one of them is not read
     */
    public long[] places(long[] asked) {
        return Arrays.stream(asked)
                .map(row -> {
                    int place = places[Math.toIntExact(row)];
                    if (place < 0) {
                        throw new IllegalArgumentException("row " + row + " is not among those that are read");
                    }
                    return place;
                })
                .toArray();
    }

    /** How the rows lie one after the other, with filler: see {@link SequenceLayout#rounded()}. */
    SequenceLayout layout() {
        return new SequenceLayout(starts.length - 1, starts, new int[0]).rounded();
    }

    /** The rows, and the first of all for each row of filler. */
    int[] rowsWithFiller() {
        return Arrays.copyOf(rows, layout().rows());
    }
}
