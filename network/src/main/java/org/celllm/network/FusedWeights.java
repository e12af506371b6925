package org.celllm.network;

import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/**
 * A layer's weights as {@link FusedLayers} reads them: matrices in the format of the operands, those of queries, keys and values one below the
 * other; biases and norms as they are stored. Addresses are good as long as the scope it was made in.
 */
final class FusedWeights {
    private final Tensor directions;
    private final Tensor in;
    private final @Nullable Tensor inBias;
    private final Tensor out;
    private final Tensor widen;
    private final Tensor narrow;
    private final Function<String, @Nullable Tensor> weights;
    private final String attention;
    private final String feedForward;

    FusedWeights(NetworkConfig config, Format format, int layer, Function<String, @Nullable Tensor> weights) {
        ScalarType operand = format.type();
        this.weights = weights;
        this.attention = WeightShapes.attention(layer);
        this.feedForward = WeightShapes.feedForward(layer);
        this.directions = weight(WeightShapes.directions(layer));
        int inner = config.inner();
        this.in = TensorArrays.empty(operand, 3L * inner, config.dim());
        String[] names = {"fn.to_q", "fn.to_k", "fn.to_v"};
        TensorVector biases = new TensorVector();
        for (int i = 0; i < names.length; i++) {
            in.narrow(0, (long) i * inner, inner).copy_(weight(attention + names[i] + ".weight"));
            if (config.qkvBias()) {
                biases.push_back(weight(attention + names[i] + ".bias"));
            }
        }
        this.inBias = config.qkvBias() ? torch.cat(biases, 0) : null;
        this.out = weight(attention + "fn.to_out.weight").to(operand);
        this.widen = weight(feedForward + "fn.fn.w1.weight").to(operand);
        this.narrow = weight(feedForward + "fn.fn.w2.weight").to(operand);
    }

    /** Name of the attention block. */
    String attention() {
        return attention;
    }

    /** Name of the feed-forward block. */
    String feedForward() {
        return feedForward;
    }

    Tensor directions() {
        return directions;
    }

    long in() {
        return address(in);
    }

    long inBias() {
        return inBias == null ? 0 : address(inBias);
    }

    long out() {
        return address(out);
    }

    long outBias() {
        return stored(attention + "fn.to_out.bias");
    }

    long widen() {
        return address(widen);
    }

    long widenBias() {
        return stored(feedForward + "fn.fn.w1.bias");
    }

    long narrow() {
        return address(narrow);
    }

    long narrowBias() {
        return stored(feedForward + "fn.fn.w2.bias");
    }

    long firstNorm() {
        return stored(attention + "norm.weight");
    }

    long firstNormBias() {
        return stored(attention + "norm.bias");
    }

    long secondNorm() {
        return stored(feedForward + "norm.weight");
    }

    long secondNormBias() {
        return stored(feedForward + "norm.bias");
    }

    private long stored(String name) {
        return address(weight(name));
    }

    private static long address(Tensor tensor) {
        return tensor.data_ptr().address();
    }

    private Tensor weight(String name) {
        Tensor tensor = weights.apply(name);
        if (tensor == null) {
            throw new IllegalStateException("no weight " + name);
        }
        return tensor;
    }
}
