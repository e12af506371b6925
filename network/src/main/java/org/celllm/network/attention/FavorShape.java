package org.celllm.network.attention;

/**
 * How the operands of {@link FusedFavor} lie. Features are padded to a multiple of 16 that leaves room for one more: the
 * feature behind the last carries what the floor ε contributes. Values are joined by a column of ones that gives the
 * normaliser, and padded too.
 *
 * @param heads attention heads
 * @param headDim width of a head
 * @param features random features a head
 */
record FavorShape(int heads, int headDim, int features) {
    /** The most rows of a product: a multiple of 16. */
    static final int MOST_ROWS = 256;

    /** Features of a panel that, in bfloat16, fit a second-level cache of 1 MB beside what meets them. */
    private static final int PANEL = 300_000;

    /** Width of all heads side by side. */
    int inner() {
        return heads * headDim;
    }

    /** Features with that of the floor and padding. */
    int padded() {
        return roundUp(features + 1);
    }

    /** Values with the column of ones, and padding. */
    int joint() {
        return headDim + 16;
    }

    /** Width of the joint values of all heads side by side. */
    int jointInner() {
        return heads * joint();
    }

    /** How many heads are computed together: a divisor of their number. */
    int together() {
        int most = Math.max(1, PANEL / (MOST_ROWS * padded()));
        int together = Math.min(heads, most);
        while (heads % together != 0) {
            together--;
        }
        return together;
    }

    /** The most rows of a panel: at least {@link #MOST_ROWS}. */
    int panelRows() {
        return Math.max(MOST_ROWS, PANEL / (together() * padded()));
    }

    /** The next multiple of 16. */
    static int roundUp(int count) {
        return (count + 15) / 16 * 16;
    }
}
