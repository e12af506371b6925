package org.celllm.network.attention;

import org.bytedeco.pytorch.Tensor;
import org.celllm.network.attention.FavorRows.Panel;

/**
 * A number for each row and head of a group, and where they lie.
 *
 * @param byHead [rows, heads] 32-bit floats side by side
 * @param address of the first
 * @param shape of the operands
 */
record FavorFactors(Tensor byHead, long address, FavorShape shape) {
    static FavorFactors of(Tensor byHead, FavorShape shape) {
        return new FavorFactors(byHead, byHead.data_ptr().address(), shape);
    }

    /** Where those of a panel begin, from a head on. */
    long address(Panel panel, int head) {
        return address + (long) Float.BYTES * (panel.from() * shape.heads() + head);
    }

    /** Where those of a panel and the heads that are computed together from {@code head} on lie side by side. */
    long sideBySide(Panel panel, int head) {
        return shape.together() == shape.heads()
                ? address(panel, head)
                : some(panel, head).contiguous().data_ptr().address();
    }

    /** Those of a panel and the heads that are computed together from {@code head} on. */
    Tensor some(Panel panel, int head) {
        return byHead.narrow(0, panel.from(), panel.rows()).narrow(1, head, shape.together());
    }
}
