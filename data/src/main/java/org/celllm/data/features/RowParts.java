package org.celllm.data.features;

/** How rows are shared out for sums over them: a function of their number alone, so that sums are the same bits anywhere. */
final class RowParts {
    private RowParts() {}

    static int count(int rows) {
        return Math.max(1, Math.min(4, rows / 128));
    }

    /** The first row of a part; of the part after the last, the number of rows. */
    static int bound(int part, int parts, int rows) {
        return (int) ((long) rows * part / parts);
    }
}
