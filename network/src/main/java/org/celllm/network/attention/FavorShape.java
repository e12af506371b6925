package org.celllm.network.attention;

import org.celllm.network.attention.FavorCopies.Lie;
import org.celllm.network.onednn.Strided.Format;

/**
 * How the operands of {@link FusedFavor} lie. Features are padded to a multiple of 16 that leaves room for one more: the
 * feature behind the last carries what the floor ε contributes. Values are joined by a column of ones that gives the
 * normaliser, and padded too.
 *
 * @param heads attention heads
 * @param headDim width of a head
 * @param features random features a head
 * @param format of the operands of the large products
 */
record FavorShape(int heads, int headDim, int features, Format format) {
    /** The most rows of a product: a multiple of 16. */
    static final int MOST_ROWS = 256;

    /** Operations on the rows of a panel, which cost little to prepare, are over a multiple of so many. */
    static final int STEP = 64;

    /** Bytes of a panel's features that fit a second-level cache of 1 MB beside what meets them. */
    private static final int PANEL_BYTES = 600_000;

    /** Width of all heads side by side. */
    int inner() {
        return heads * headDim;
    }

    /** Features with that of the floor and padding. */
    int padded() {
        return roundUp(features + 1);
    }

    /** Values with the column of ones, and one of zeros where bfloat16 products want pairs. */
    int joint() {
        return format == Format.BFLOAT16 ? headDim + 2 : headDim + 1;
    }

    /** Numbers from one head's joint values to the next's: in bfloat16 rows begin where vectors do. */
    int jointStride() {
        return format == Format.BFLOAT16 ? headDim + 16 : headDim + 1;
    }

    /** Width of the joint values of all heads side by side. */
    int jointInner() {
        return heads * jointStride();
    }

    /** Index of a row and head of joint values. */
    long jointIndex(int row, int head) {
        return (long) row * jointInner() + (long) head * jointStride();
    }

    /** Whether these are the last heads of a pass, which takes {@link #together} at a time. */
    boolean endsWith(int head) {
        return head + together() == heads;
    }

    /** How joint values lie. */
    Lie joint(Format of) {
        return new Lie(of, jointInner(), jointStride());
    }

    /** How a number of each row and head lies, all side by side. */
    Lie eachHead() {
        return new Lie(Format.FLOAT32, heads, 1);
    }

    /** How the floor's features lie. */
    Lie floors() {
        return new Lie(format, together() * padded(), padded());
    }

    /** How many heads are computed together: a divisor of their number. */
    int together() {
        int most = Math.max(1, panel() / (MOST_ROWS * padded()));
        int together = Math.min(heads, most);
        while (heads % together != 0) {
            together--;
        }
        return together;
    }

    /** The most rows of a panel: at least {@link #MOST_ROWS}. */
    int panelRows() {
        return Math.max(MOST_ROWS, panel() / (together() * padded()));
    }

    private int panel() {
        return PANEL_BYTES / format.bytes();
    }

    /** Rows of a panel that are brought to a multiple of {@link #STEP}. */
    static int inSteps(int rows) {
        return (rows + STEP - 1) / STEP * STEP;
    }

    /** The next multiple of 16. */
    static int roundUp(int count) {
        return (count + 15) / 16 * 16;
    }
}
