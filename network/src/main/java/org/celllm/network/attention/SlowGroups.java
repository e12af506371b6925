package org.celllm.network.attention;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Groups with rows too long for {@link FusedFavor}, by {@link FavorKernel}, which subtracts maxima before exponentials. */
final class SlowGroups {
    private final FavorShape shape;
    private final FavorOperands operands;

    SlowGroups(FavorShape shape, FavorOperands operands) {
        this.shape = shape;
        this.operands = operands;
    }

    /** Attends within the cells of a group. */
    void attend(FavorGroup group, Tensor out) {
        rows(out, group)
                .copy_(kernel(group)
                        .forward(
                                rows(operands.query(), group),
                                rows(operands.key(), group),
                                rows(operands.value(), group))
                        .out());
    }

    /** S' of a group's cells: [cells, heads, features + 1, headDim + 1], with what {@link FavorKernel#attendTo} reads. */
    Tensor sums(FavorGroup group) {
        Tensor features = kernel(group).sums(rows(operands.key(), group), rows(operands.value(), group));
        Tensor all = features.view(group.cells(), shape.heads(), shape.features(), shape.headDim() + 1L);
        return torch.constant_pad_nd(all, new long[] {0, 0, 0, 1}, new Scalar(0));
    }

    /** Differentiates the attention within the cells of a group. */
    void differentiate(FavorGroup group, Tensor gradient, FusedFavor.Gradients out) {
        FavorKernel kernel = kernel(group);
        Tensor query = rows(operands.query(), group);
        Tensor key = rows(operands.key(), group);
        Tensor value = rows(operands.value(), group);
        FavorKernel.Gradients found =
                kernel.backward(query, key, value, kernel.forward(query, key, value), rows(gradient, group));
        rows(out.query(), group).copy_(found.query());
        rows(out.key(), group).copy_(found.key());
        rows(out.value(), group).copy_(found.value());
    }

    private FavorKernel kernel(FavorGroup group) {
        return FavorKernel.of(
                shape.format().type(),
                operands.unscaledDirections(),
                shape.heads(),
                new SequenceLayout(group.cells(), group.starts(), new int[0]));
    }

    private static Tensor rows(Tensor all, FavorGroup group) {
        return all.narrow(0, group.firstRow(), group.rows());
    }
}
