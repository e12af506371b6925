package org.celllm.network.attention;

import java.util.ArrayList;
import java.util.List;

/**
 * The queries or the keys of a {@link FavorGroup}, and the parts in which they are worked on.
 *
 * @param firstRow the first row of the first cell
 * @param rows rows of all cells of the group
 * @param panels its rows, in order
 */
record FavorRows(int firstRow, int rows, List<Panel> panels) {
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
     * @param begins whether they are the cell's first
     */
    record Segment(int cell, int from, int rows, boolean begins) {}

    /**
     * The rows of some cells.
     *
     * @param first the first cell
     * @param to one past the last
     */
    static FavorRows of(SequenceLayout layout, FavorShape shape, int first, int to) {
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
                segments.add(new Segment(number, row, rows, done == 0));
                row += rows;
            }
        }
        panels.add(new Panel(from, row - from, List.copyOf(segments)));
        return new FavorRows(layout.starts()[first], row, List.copyOf(panels));
    }

    /** [cells + 1] the first row of each cell, counted from the group's. */
    int[] starts(int cells) {
        int[] starts = new int[cells + 1];
        for (Panel panel : panels) {
            for (Segment segment : panel.segments()) {
                starts[segment.cell() + 1] = segment.from() + segment.rows();
            }
        }
        return starts;
    }

    /** One past the last row. */
    int end() {
        return firstRow + rows;
    }
}
