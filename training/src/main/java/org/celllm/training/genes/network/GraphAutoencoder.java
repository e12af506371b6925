package org.celllm.training.genes.network;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/**
 * A masked graph autoencoder (GraphMAE; Hou et al., arXiv 2205.10803): the features of some nodes give way to a learned
 * vector, layers of {@link GraphAttention} encode, the hidden nodes' codes are set to zero before the decoder (re-masking), and
 * one more layer of attention over the neighbours decodes. The error is the scaled cosine, over the hidden nodes,
 *
 * <pre>mean (1 − x·z / (‖x‖ ‖z‖))^γ</pre>
 *
 * <p>Not taken from the paper: dropout, and the few hidden nodes that get another's features. Other than there a layer adds to
 * what it reads, codes are as wide as features, and ELU stands before each layer but the first.
 *
 * <p>Closing it frees the weights.
 */
final class GraphAutoencoder implements AutoCloseable {
    private static final long PURPOSE = 0x67726170686D6165L;

    /** The encoder's layers begin as next to nothing, so a code begins as the features; more costs what these know. */
    private static final double FIRST_SHARE = 0.01;

    private final GeneNetworkSettings settings;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();

    /** Draws the weights; features are as wide as codes. */
    GraphAutoencoder(GeneNetworkSettings settings) {
        this.settings = settings;
        int dim = settings.dim();
        Native.run(() -> {
            for (int layer = 0; layer < settings.layers(); layer++) {
                attention("encoder." + layer, settings.heads(), FIRST_SHARE);
            }
            draw("bridge", dim, dim, 1);
            attention("decoder", 1, 1);
            draw("hidden", 1, dim, 1);
        });
    }

    private void attention(String layer, int heads, double scale) {
        int dim = settings.dim();
        draw(layer + ".weight", dim, dim, scale);
        draw(layer + ".target", heads, dim / heads, 1);
        draw(layer + ".source", heads, dim / heads, 1);
    }

    /** Uniform within ±√(6 / (rows + columns)) (Glorot and Bengio, AISTATS 2010), times {@code scale}. */
    private void draw(String name, int rows, int columns, double scale) {
        long key = KeyedRandom.key(settings.seed(), PURPOSE, weights.size());
        double bound = scale * Math.sqrt(6.0 / (rows + columns));
        float[] values = new float[Math.multiplyExact(rows, columns)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * KeyedRandom.uniform(key, i) - 1) * bound);
        }
        Tensor weight = TensorArrays.of(values, rows, columns);
        weight.set_requires_grad(true);
        weights.put(name, Native.keep(weight));
    }

    /** The trainable tensors by name. */
    Map<String, Tensor> weights() {
        return weights;
    }

    private Tensor weight(String name) {
        Tensor weight = weights.get(name);
        if (weight == null) {
            throw new IllegalStateException("no weight " + name);
        }
        return weight;
    }

    /**
     * Codes of the nodes.
     *
     * @param x [N, dim]
     * @return [N, dim]
     */
    Tensor encode(Tensor x, GraphEdges edges, GradientTape tape) {
        Tensor code = x;
        for (int layer = 0; layer < settings.layers(); layer++) {
            Tensor in = tape.cut(code);
            code = in.add(attend("encoder." + layer, layer == 0 ? in : torch.elu(in), edges, tape));
        }
        return code;
    }

    private Tensor attend(String layer, Tensor x, GraphEdges edges, GradientTape tape) {
        return GraphAttention.attend(
                x, weight(layer + ".weight"), weight(layer + ".target"), weight(layer + ".source"), edges, tape);
    }

    /**
     * The scaled cosine error of a pass.
     *
     * @param x [N, dim] rows of length one, or zero
     * @param hidden [N, 1] one where a node's features are hidden, zero elsewhere
     * @return one number
     */
    Tensor error(Tensor x, Tensor hidden, GraphEdges edges, GradientTape tape) {
        Tensor seen = oneMinus(hidden);
        Tensor shown = x.mul(seen).add(hidden.mul(weight("hidden")));
        Tensor code = encode(shown, edges, tape).mm(weight("bridge")).mul(seen);
        Tensor told = attend("decoder", code, edges, tape);
        Tensor length = told.mul(told)
                .sum(new long[] {1}, true, new ScalarTypeOptional())
                .add(new Scalar(1e-12))
                .sqrt();
        Tensor cosine =
                told.mul(x).sum(new long[] {1}, true, new ScalarTypeOptional()).div(length);
        Tensor errors =
                cosine.neg().add(new Scalar(1.0)).clamp_min(new Scalar(1e-6)).pow(new Scalar(settings.exponent()));
        return errors.mul(hidden).sum().div(hidden.sum());
    }

    private static Tensor oneMinus(Tensor x) {
        return x.neg().add(new Scalar(1.0));
    }

    @Override
    public void close() {
        weights.values().forEach(Tensor::close);
    }
}
