package org.celllm.network.attention;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.TensorArrays;

/**
 * Groups with rows too long for {@link FusedFavor}, by {@link FavorKernel}, which subtracts maxima before exponentials. It wants as many
 * queries as keys, so that fewer are spread over the first rows of their cells, with zeros behind them.
 */
final class SlowGroups {
    private final FavorShape shape;
    private final FavorOperands operands;

    SlowGroups(FavorShape shape, FavorOperands operands) {
        this.shape = shape;
        this.operands = operands;
    }

    /** Attends within the cells of a group. */
    void attend(FavorGroup group, Tensor out) {
        FavorKernel.Forward found = kernel(group)
                .forward(
                        spread(operands.query().tensor(), group),
                        rows(operands.key().tensor(), group.keys()),
                        rows(operands.value().tensor(), group.keys()));
        rows(out, group.queries()).copy_(gather(found.out(), group));
    }

    /** S' of a group's cells: [cells, heads, features + 1, headDim + 1], with what {@link FavorKernel#attendTo} reads. */
    Tensor sums(FavorGroup group) {
        Tensor features = kernel(group)
                .sums(
                        rows(operands.key().tensor(), group.keys()),
                        rows(operands.value().tensor(), group.keys()));
        Tensor all = features.view(group.cells(), shape.heads(), shape.features(), shape.headDim() + 1L);
        return torch.constant_pad_nd(all, new long[] {0, 0, 0, 1}, new Scalar(0));
    }

    /** Differentiates the attention within the cells of a group. */
    void differentiate(FavorGroup group, Tensor gradient, AttentionGradients out) {
        FavorKernel kernel = kernel(group);
        Tensor query = spread(operands.query().tensor(), group);
        Tensor key = rows(operands.key().tensor(), group.keys());
        Tensor value = rows(operands.value().tensor(), group.keys());
        FavorKernel.Gradients found =
                kernel.backward(query, key, value, kernel.forward(query, key, value), spread(gradient, group));
        rows(out.query(), group.queries()).copy_(gather(found.query(), group));
        rows(out.key(), group.keys()).copy_(found.key());
        rows(out.value(), group.keys()).copy_(found.value());
    }

    private FavorKernel kernel(FavorGroup group) {
        return FavorKernel.of(
                shape.format().type(),
                operands.unscaledDirections(),
                shape.heads(),
                new SequenceLayout(group.cells(), group.keys().starts(group.cells()), new int[0]));
    }

    /** A group's queries among as many rows as it has keys. */
    private static Tensor spread(Tensor all, FavorGroup group) {
        Tensor queries = rows(all, group.queries());
        return group.isWhole()
                ? queries
                : TensorArrays.zeros(all.scalar_type(), group.keys().rows(), all.size(1))
                        .index_copy_(0, places(group), queries);
    }

    /** The way back of {@link #spread}. */
    private static Tensor gather(Tensor rows, FavorGroup group) {
        return group.isWhole() ? rows : torch.index_select(rows, 0, places(group));
    }

    private static Tensor places(FavorGroup group) {
        int[] queries = group.queries().starts(group.cells());
        int[] keys = group.keys().starts(group.cells());
        long[] places = new long[group.queries().rows()];
        for (int cell = 0; cell < group.cells(); cell++) {
            for (int row = queries[cell]; row < queries[cell + 1]; row++) {
                places[row] = (long) keys[cell] + row - queries[cell];
            }
        }
        return torch.tensor(places);
    }

    private static Tensor rows(Tensor all, FavorRows rows) {
        return all.narrow(0, rows.firstRow(), rows.rows());
    }
}
