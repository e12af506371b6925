package org.celllm.network.attention;

import java.util.ArrayList;
import java.util.List;

/**
 * Cells that {@link FusedFavor} works on together: few enough that what it keeps of them stays in the cache, many enough
 * that small operations are worth their call.
 *
 * @param firstCell the first cell
 * @param cells how many
 * @param firstRow the first row of the first cell
 * @param rows rows of all its cells
 * @param panels its rows, in order
 */
record FavorGroup(int firstCell, int cells, int firstRow, int rows, List<Panel> panels) {
    /** Numbers of a group's joint values, about. */
    private static final int NUMBERS = 1 << 19;

    /**
     * Rows whose features are computed together.
     *
     * @param from the first row, counted from the group's
     * @param rows how many
     * @param segments its parts, in order
     */
    record Panel(int from, int rows, List<Segment> segments) {}

    /**
     * Rows of one cell within a panel.
     *
     * @param cell counted from the group's first
     * @param from the first row, counted from the group's
     * @param rows at most {@link FavorShape#MOST_ROWS}, and that many unless they are the cell's last
     */
    record Segment(int cell, int from, int rows) {}

    /** [cells + 1] the first row of each cell, counted from the group's. */
    int[] starts() {
        int[] starts = new int[cells + 1];
        for (Panel panel : panels) {
            for (Segment segment : panel.segments()) {
                starts[segment.cell() + 1] = segment.from() + segment.rows();
            }
        }
        return starts;
    }

    /** The groups of a layout, in order. */
    static List<FavorGroup> of(SequenceLayout layout, FavorShape shape) {
        int most = Math.max(1, NUMBERS / shape.inner());
        List<FavorGroup> groups = new ArrayList<>();
        int first = 0;
        while (first < layout.cells()) {
            int to = first + 1;
            while (to < layout.cells() && layout.starts()[to + 1] - layout.starts()[first] <= most) {
                to++;
            }
            groups.add(group(layout, shape, first, to));
            first = to;
        }
        return groups;
    }

    private static FavorGroup group(SequenceLayout layout, FavorShape shape, int first, int to) {
        int firstRow = layout.starts()[first];
        List<Panel> panels = new ArrayList<>();
        List<Segment> segments = new ArrayList<>();
        int from = 0;
        int row = 0;
        for (int cell = first; cell < to; cell++) {
            int number = cell - first;
            int length = layout.length(cell);
            for (int done = 0; done < length; done += FavorShape.MOST_ROWS) {
                int rows = Math.min(FavorShape.MOST_ROWS, length - done);
                if (row + rows - from > shape.panelRows()) {
                    panels.add(new Panel(from, row - from, List.copyOf(segments)));
                    segments.clear();
                    from = row;
                }
                segments.add(new Segment(number, row, rows));
                row += rows;
            }
        }
        panels.add(new Panel(from, row - from, List.copyOf(segments)));
        return new FavorGroup(first, to - first, firstRow, row, panels);
    }

    /** The most rows of any group. */
    static int mostRows(List<FavorGroup> groups) {
        return groups.stream().mapToInt(FavorGroup::rows).max().orElse(0);
    }

    /** The most cells of any group. */
    static int mostCells(List<FavorGroup> groups) {
        return groups.stream().mapToInt(FavorGroup::cells).max().orElse(0);
    }

    @Override
    public String toString() {
        return "cells " + firstCell + " to " + (firstCell + cells) + " with " + rows + " rows";
    }
}
