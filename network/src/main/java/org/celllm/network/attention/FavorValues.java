package org.celllm.network.attention;

import org.bytedeco.pytorch.Tensor;
import org.celllm.network.attention.FavorBuffers.Use;
import org.celllm.network.attention.FavorCopies.Copy;
import org.celllm.network.attention.FavorCopies.Lie;
import org.celllm.network.attention.FavorRows.Panel;
import org.celllm.network.onednn.Copies.Way;
import org.celllm.network.onednn.Strided.Format;

/**
 * Ways of values into the joint values of {@link FusedFavor} and out of them, with a factor for each row and head; a panel at a time,
 * while the cache has it.
 */
final class FavorValues {
    private final FavorShape shape;
    private final FavorBuffers buffers;
    private final FavorCopies copies;
    private final FavorOperands operands;

    FavorValues(FusedFavor favor, FavorOperands operands) {
        this.shape = favor.shape;
        this.buffers = favor.buffers;
        this.copies = favor.copies;
        this.operands = operands;
    }

    /**
     * Fills a panel of a buffer of joint operands.
     *
     * @param all [rows, heads · headDim] what is multiplied
     * @param rows those of the group
     * @param factors by what, [rows of the group, heads, 1] 32-bit floats side by side
     * @param beside what stands in the column beside, likewise
     */
    void put(Use use, Tensor all, FavorRows rows, Panel panel, Tensor factors, Tensor beside) {
        Lie joint = shape.joint(shape.format());
        copies.run(
                new Copy(Way.SCALED, operands.lie(all), joint, shape.heads(), shape.headDim()),
                panel.rows(),
                operands.address(all, rows.firstRow() + panel.from(), 0),
                buffers.address(use, shape.jointIndex(panel.from(), 0)),
                eachHead(factors, panel));
        copies.run(
                new Copy(Way.PLAIN, shape.eachHead(), joint, shape.heads(), 1),
                panel.rows(),
                eachHead(beside, panel),
                buffers.address(use, shape.jointIndex(panel.from(), 0) + shape.headDim()),
                0);
    }

    /**
     * Takes values, times a factor, out of a panel of a buffer of joint values of 32-bit floats.
     *
     * @param into [rows, heads · headDim]
     * @param rows those of the group
     * @param factors address of [rows of the panel, heads] 32-bit floats side by side
     */
    void take(Use use, Tensor into, FavorRows rows, Panel panel, long factors) {
        copies.run(
                new Copy(Way.SCALED, shape.joint(Format.FLOAT32), operands.lie(into), shape.heads(), shape.headDim()),
                panel.rows(),
                buffers.address(use, shape.jointIndex(panel.from(), 0)),
                operands.address(into, rows.firstRow() + panel.from(), 0),
                factors);
    }

    /** Where a panel's numbers begin in [rows of the group, heads] 32-bit floats side by side. */
    long eachHead(Tensor all, Panel panel) {
        return all.data_ptr().address() + (long) Float.BYTES * panel.from() * shape.heads();
    }

    /** The column beside a panel of joint values of 32-bit floats, into [rows of the panel, heads] side by side. */
    void takeBeside(Use use, Panel panel, Tensor into) {
        copies.run(
                new Copy(Way.PLAIN, shape.joint(Format.FLOAT32), shape.eachHead(), shape.heads(), 1),
                panel.rows(),
                buffers.address(use, shape.jointIndex(panel.from(), 0) + shape.headDim()),
                into.data_ptr().address(),
                0);
    }

    /**
     * Adds rows, times a factor, to others.
     *
     * @param from [rows, heads · headDim] what is added
     * @param into [rows, heads · headDim] to what
     * @param rows those of the group
     * @param factors address of [rows of the panel, heads] 32-bit floats side by side
     */
    void add(Tensor from, Tensor into, FavorRows rows, Panel panel, long factors) {
        int row = rows.firstRow() + panel.from();
        copies.run(
                new Copy(Way.ADDED, operands.lie(from), operands.lie(into), shape.heads(), shape.headDim()),
                panel.rows(),
                operands.address(from, row, 0),
                operands.address(into, row, 0),
                factors);
    }
}
