package org.celllm.network.attention;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.attention.FavorBuffers.Use;
import org.celllm.network.attention.FavorCopies.Copy;
import org.celllm.network.attention.FavorCopies.Lie;
import org.celllm.network.onednn.Copies.Way;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/**
 * Sums over the rows of each of a group's cells, and the same as operands of the products that read them: S' of {@link FusedFavor}, or its
 * gradient.
 *
 * <p>Sums lie by cell, then head, then value, then feature. A pass keeps those of {@code heads} heads: all, or as many as are
 * computed together.
 */
final class FavorSums {
    private final FavorShape shape;
    private final FavorPrograms programs;
    private final FavorBuffers buffers;
    private final FavorCopies copies;
    private final Use sums;
    private final Use operands;
    private final int heads;
    private final @Nullable Tensor kept;
    private final long keptAddress;

    /**
     * @param sums 32-bit floats, of a group's cells
     * @param operands the buffer for them as operands
     * @param heads how many are kept
     * @param kept [cells, heads, joint, features padded] where all cells' operands lie instead; {@code null} for a group's in the buffer
     */
    FavorSums(FusedFavor favor, List<FavorGroup> groups, Use sums, Use operands, int heads, @Nullable Tensor kept) {
        this.shape = favor.shape;
        this.programs = favor.programs;
        this.buffers = favor.buffers;
        this.copies = favor.copies;
        this.sums = sums;
        this.operands = operands;
        this.heads = heads;
        this.kept = kept;
        this.keptAddress = kept == null ? 0 : kept.data_ptr().address();
        long size = index(FavorGroup.mostCells(groups), 0);
        buffers.reserve(sums, size);
        if (kept == null) {
            buffers.reserve(operands, size);
        }
    }

    private long index(int cell, int head) {
        return ((long) cell * heads + head) * shape.padded() * shape.joint();
    }

    /**
     * Where the sums of a cell and head lie.
     *
     * @param cell counted from the group's first
     * @param head counted from the first that is kept
     */
    long address(int cell, int head) {
        return buffers.address(sums, index(cell, head));
    }

    /** Where they lie as operands. */
    long operands(FavorGroup group, int cell, int head) {
        return kept == null
                ? buffers.address(operands, index(cell, head))
                : keptAddress + shape.format().bytes() * index(group.firstCell() + cell, head);
    }

    /** K of a group's cells, [cells, 1]. */
    static Tensor highest(FavorGroup group, KeyMaxima maxima) {
        int from = group.firstCell();
        return TensorArrays.of(Arrays.copyOfRange(maxima.value(), from, from + group.cells()), group.cells(), 1);
    }

    /**
     * Makes operands of S'.
     *
     * @param maxima what the keys came to
     */
    void finish(FavorGroup group, KeyMaxima maxima) {
        Tensor below = highest(group, maxima);
        // S / K + ε ΣV is (S + ε K ΣV) / K.
        spreadFloor(group, below.mul(new Scalar(FavorFormula.FLOOR)));
        toOperands(group, below);
        // The floor meets the sums as they were rounded: where it decides, what they are short of would be most of a
        // gradient.
        putFloor(group, overFeaturesOfOperands(group));
    }

    /**
     * From the gradient of S' to that of the sums it is made from, as operands.
     *
     * @param maxima what the keys came to
     */
    void finishGradient(FavorGroup group, KeyMaxima maxima) {
        spreadFloor(group, TensorArrays.ones(ScalarType.Float, group.cells(), 1));
        Tensor sum = overFeatures(byValue(buffers.view(sums, 0, shape(group), strides())))
                .mul_(new Scalar(FavorFormula.FLOOR));
        toOperands(group, highest(group, maxima));
        putFloor(group, sum);
    }

    /**
     * Adds what a group's sums have for the floor, times a factor, to those of all features, and clears it.
     *
     * @param factor [cells, 1]
     */
    private void spreadFloor(FavorGroup group, Tensor factor) {
        Tensor all = byValue(buffers.view(sums, 0, shape(group), strides()));
        all.add_(all.narrow(2, shape.features(), 1).mul(factor.unsqueeze(2)));
        all.narrow(2, shape.features(), shape.padded() - shape.features()).zero_();
    }

    /** A group's operands summed over the features, the floor being clear: [cells, heads · joint] 32-bit floats. */
    private Tensor overFeaturesOfOperands(FavorGroup group) {
        if (shape.format() == Format.FLOAT32) {
            return overFeatures(byValue(ofGroup(group)));
        }
        Tensor found = TensorArrays.empty(ScalarType.Float, group.cells(), (long) heads * shape.joint());
        programs.sums(
                operands(group, 0, 0),
                found.numel(),
                shape.padded(),
                found.data_ptr().address());
        return found;
    }

    private static Tensor overFeatures(Tensor byValue) {
        return byValue.sum(new long[] {2}, false, new ScalarTypeOptional(ScalarType.Float));
    }

    /** [cells, heads, joint, features padded] as [cells, heads · joint, features padded]. */
    private Tensor byValue(Tensor all) {
        return all.view(all.size(0), (long) heads * shape.joint(), shape.padded());
    }

    private long[] shape(FavorGroup group) {
        return new long[] {group.cells(), heads, shape.joint(), shape.padded()};
    }

    private long[] strides() {
        return new long[] {index(1, 0), index(0, 1), shape.padded(), 1};
    }

    /** A group's sums as operands, divided by {@code below}, [cells, 1]. */
    private void toOperands(FavorGroup group, Tensor below) {
        int cell = (int) index(1, 0);
        copies.run(
                new Copy(Way.SCALED, new Lie(Format.FLOAT32, cell, cell), new Lie(shape.format(), cell, cell), 1, cell),
                group.cells(),
                buffers.address(sums, 0),
                operands(group, 0, 0),
                below.reciprocal().data_ptr().address());
    }

    /** Sets what stands for the floor among operands to {@code floor}, [cells, heads · joint] 32-bit floats. */
    private void putFloor(FavorGroup group, Tensor floor) {
        int cell = (int) index(1, 0);
        int rows = heads * shape.joint();
        copies.run(
                new Copy(
                        Way.PLAIN,
                        new Lie(Format.FLOAT32, rows, 1),
                        new Lie(shape.format(), cell, shape.padded()),
                        rows,
                        1),
                group.cells(),
                floor.data_ptr().address(),
                operands(group, 0, 0) + (long) shape.format().bytes() * shape.features(),
                0);
    }

    /** Operands of a group, [cells, heads, joint, features padded]. */
    Tensor ofGroup(FavorGroup group) {
        return kept == null
                ? buffers.view(operands, 0, shape(group), strides())
                : kept.narrow(0, group.firstCell(), group.cells());
    }
}
