package org.celllm.network.attention;

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

    FavorValues(FusedFavor favor) {
        this.shape = favor.shape;
        this.buffers = favor.buffers;
        this.copies = favor.copies;
    }

    /**
     * Fills a panel of a buffer of joint operands.
     *
     * @param all [rows, heads · headDim] what is multiplied
     * @param rows those of the group
     * @param factors by what, of the rows of the group
     * @param beside what stands in the column beside, likewise
     */
    void put(Use use, FavorMatrix all, FavorRows rows, Panel panel, FavorFactors factors, FavorFactors beside) {
        Lie joint = shape.joint(shape.format());
        copies.run(
                new Copy(Way.SCALED, all.lie(), joint, shape.heads(), shape.headDim()),
                panel.rows(),
                all.address(rows.firstRow() + panel.from(), 0),
                buffers.address(use, shape.jointIndex(panel.from(), 0)),
                factors.address(panel, 0));
        copies.run(
                new Copy(Way.PLAIN, shape.eachHead(), joint, shape.heads(), 1),
                panel.rows(),
                beside.address(panel, 0),
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
    void take(Use use, FavorMatrix into, FavorRows rows, Panel panel, long factors) {
        copies.run(
                new Copy(Way.SCALED, shape.joint(Format.FLOAT32), into.lie(), shape.heads(), shape.headDim()),
                panel.rows(),
                buffers.address(use, shape.jointIndex(panel.from(), 0)),
                into.address(rows.firstRow() + panel.from(), 0),
                factors);
    }

    /**
     * Takes the column beside a panel of joint values of 32-bit floats.
     *
     * @param into address of [rows of the panel, heads] side by side
     */
    void takeBeside(Use use, Panel panel, long into) {
        copies.run(
                new Copy(Way.PLAIN, shape.joint(Format.FLOAT32), shape.eachHead(), shape.heads(), 1),
                panel.rows(),
                buffers.address(use, shape.jointIndex(panel.from(), 0) + shape.headDim()),
                into,
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
    void add(FavorMatrix from, FavorMatrix into, FavorRows rows, Panel panel, long factors) {
        int row = rows.firstRow() + panel.from();
        copies.run(
                new Copy(Way.ADDED, from.lie(), into.lie(), shape.heads(), shape.headDim()),
                panel.rows(),
                from.address(row, 0),
                into.address(row, 0),
                factors);
    }
}
