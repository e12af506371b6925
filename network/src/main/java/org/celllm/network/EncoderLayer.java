package org.celllm.network;

import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.attention.FavorAttention;
import org.celllm.network.attention.SequenceLayout;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/**
 * One layer: norm, attention, residual; norm, feed-forward with erf GELU, residual.
 */
final class EncoderLayer {
    /** Added to a variance by the norms. */
    static final double EPSILON = 1e-5;

    private final int number;
    private final Precision precision;
    private final FavorAttention attention;
    private final Function<String, @Nullable Tensor> weights;

    EncoderLayer(
            int number, Precision precision, FavorAttention attention, Function<String, @Nullable Tensor> weights) {
        this.number = number;
        this.precision = precision;
        this.attention = attention;
        this.weights = weights;
    }

    /**
     * @param input [rows, dim]
     * @param tape as for {@link FavorAttention#attend}
     * @return [rows, dim]
     */
    Tensor forward(Tensor input, SequenceLayout layout, Dropouts dropouts, @Nullable GradientTape tape) {
        return Native.scoped(() -> {
            Tensor x = tape == null ? input : tape.cut(input);
            String a = WeightShapes.attention(number);
            Tensor normed = operand(norm(x, a + "norm"));
            Tensor attended = attention.attend(
                    linear(normed, a + "fn.to_q"),
                    linear(normed, a + "fn.to_k"),
                    linear(normed, a + "fn.to_v"),
                    weight(WeightShapes.directions(number)),
                    layout,
                    tape);
            return rest(x, attended, (values, site) -> dropouts.apply(values, layout, number, site));
        });
    }

    /**
     * The CLS rows of what {@link #forward} gives, without a gradient and without computing the others.
     *
     * @param x [rows, dim]
     * @param keysAndValues [rows, 2 · heads · headDim] of all rows; {@code null} to compute them here
     * @return [cells, dim]
     */
    Tensor forwardCls(Tensor x, SequenceLayout layout, Dropouts dropouts, @Nullable Tensor keysAndValues) {
        return Native.withoutGradient(() -> {
            String a = WeightShapes.attention(number);
            int[] first = Arrays.copyOf(layout.starts(), layout.cells());
            Tensor cls = TensorArrays.of(first, first.length);
            Tensor residual = torch.index_select(x, 0, cls);
            Tensor query = linear(operand(norm(residual, a + "norm")), a + "fn.to_q");
            Tensor key;
            Tensor value;
            if (keysAndValues != null) {
                long inner = keysAndValues.size(1) / 2;
                key = keysAndValues.narrow(1, 0, inner);
                value = keysAndValues.narrow(1, inner, inner);
            } else {
                Tensor normed = operand(norm(x, a + "norm"));
                key = linear(normed, a + "fn.to_k");
                value = linear(normed, a + "fn.to_v");
            }
            Tensor attended =
                    attention.attendFromCls(query, key, value, weight(WeightShapes.directions(number)), layout);
            return rest(residual, attended, (values, site) -> dropouts.applyToCls(values, number, site));
        });
    }

    /** What follows the attention: its product and residual, then the feed-forward block. */
    private Tensor rest(Tensor x, Tensor attended, BiFunction<Tensor, Dropouts.Site, Tensor> drop) {
        Tensor added = stored(linear(attended, WeightShapes.attention(number) + "fn.to_out"));
        Tensor middle = x.add(drop.apply(added, Dropouts.Site.ATTENTION));
        String f = WeightShapes.feedForward(number);
        Tensor hidden = torch.gelu(linear(operand(norm(middle, f + "norm")), f + "fn.fn.w1"));
        Tensor out = stored(linear(drop.apply(hidden, Dropouts.Site.HIDDEN), f + "fn.fn.w2"));
        return middle.add(drop.apply(out, Dropouts.Site.FEED_FORWARD));
    }

    private Tensor norm(Tensor x, String name) {
        return norm(x, weight(name + ".weight"), weight(name + ".bias"));
    }

    /** LayerNorm over the last dimension. */
    static Tensor norm(Tensor x, Tensor scale, Tensor shift) {
        return torch.layer_norm(
                x, new long[] {x.size(1)}, new TensorOptional(scale), new TensorOptional(shift), EPSILON, true);
    }

    /** In the format of the large products. */
    private Tensor operand(Tensor x) {
        return x.to(precision.product());
    }

    /** In the format of the residual stream. */
    private Tensor stored(Tensor x) {
        return x.to(precision.stored());
    }

    /** x · weightᵀ + bias in the number format of x. */
    private Tensor linear(Tensor x, String name) {
        Tensor bias = weights.apply(name + ".bias");
        return torch.linear(
                x,
                operand(weight(name + ".weight")),
                bias == null ? new TensorOptional() : new TensorOptional(operand(bias)));
    }

    private Tensor weight(String name) {
        Tensor tensor = weights.apply(name);
        if (tensor == null) {
            throw new IllegalStateException("no weight " + name);
        }
        return tensor;
    }
}
