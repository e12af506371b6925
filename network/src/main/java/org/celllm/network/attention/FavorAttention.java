package org.celllm.network.attention;

import java.util.List;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.jspecify.annotations.Nullable;

/**
 * FAVOR+ attention within cells: positive orthogonal random features in place of the softmax, so that the cost grows
 * with the length of a cell and not with its square. Chooses between {@link FavorKernel}, which is fast, and
 * {@link FavorFormula}, which also knows padding.
 */
public final class FavorAttention {
    private FavorAttention() {}

    /**
     * Attends within every cell.
     *
     * @param query [rows, heads · headDim] in the number format of the large products
     * @param key [rows, heads · headDim]
     * @param value [rows, heads · headDim]
     * @param directions [features, headDim]
     * @param heads attention heads
     * @param layout which rows are whose
     * @param tape of a forward pass that wants a gradient; without one, autograd records the formula itself, or nothing
     *     where it is off
     * @return [rows, heads · headDim]
     */
    public static Tensor attend(
            Tensor query,
            Tensor key,
            Tensor value,
            Tensor directions,
            int heads,
            SequenceLayout layout,
            @Nullable GradientTape tape) {
        boolean graph = GradMode.is_enabled() && query.requires_grad();
        if (layout.hasPadding() || (graph && tape == null)) {
            ScalarType wide = directions.scalar_type();
            return Native.scoped(
                    () -> FavorFormula.attend(query.to(wide), key.to(wide), value.to(wide), directions, heads, layout)
                            .to(query.scalar_type()));
        }
        return Native.scoped(() -> {
            Tensor q = query.detach();
            Tensor k = key.detach();
            Tensor v = value.detach();
            FavorKernel.Forward forward =
                    FavorKernel.of(q.scalar_type(), directions, heads, layout).forward(q, k, v);
            if (!graph || tape == null) {
                return forward.out();
            }
            Tensor out = GradientTape.leaf(forward.out());
            tape.record(
                    () -> {
                        FavorKernel.Gradients gradients = FavorKernel.of(q.scalar_type(), directions, heads, layout)
                                .backward(q, k, v, forward, out.grad());
                        GradientTape.continueFrom(
                                List.of(query, key, value),
                                List.of(gradients.query(), gradients.key(), gradients.value()));
                    },
                    List.of(query, key, value, q, k, v, forward.out(), forward.normaliser(), forward.highest(), out));
            return out;
        });
    }

    /**
     * Attends from the CLS row of every cell to all its rows, without padding and without a gradient.
     *
     * @param query [cells, heads · headDim] of the CLS rows
     * @param key [rows, heads · headDim]
     * @param value [rows, heads · headDim]
     * @return [cells, heads · headDim]
     */
    public static Tensor attendFromCls(
            Tensor query, Tensor key, Tensor value, Tensor directions, int heads, SequenceLayout layout) {
        return Native.withoutGradient(() ->
                FavorKernel.of(query.scalar_type(), directions, heads, layout).forwardCls(query, key, value));
    }
}
