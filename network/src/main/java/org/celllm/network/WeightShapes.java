package org.celllm.network;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names and shapes of all weights of a model, in a fixed order. The encoder and its token head carry the names of the
 * published checkpoints; {@code disease_head} and {@code projection} are ours.
 */
public final class WeightShapes {
    /** [tokens, dim] expression tokens. */
    public static final String TOKENS = "token_emb.weight";
    /** [genes + 2, dim] genes, then CLS, then padding. */
    public static final String GENES = "pos_emb.emb.weight";
    /** [dim] scale of the final norm; its shift is {@link #FINAL_NORM_BIAS}. */
    public static final String FINAL_NORM = "norm.weight";
    /** [dim] shift of the final norm. */
    public static final String FINAL_NORM_BIAS = "norm.bias";
    /** [tokens, dim] the token head. */
    public static final String TOKEN_HEAD = "to_out.weight";
    /** [tokens] bias of the token head. */
    public static final String TOKEN_HEAD_BIAS = "to_out.bias";
    /** [1, dim] normal (0) versus cancer (1) from CLS. */
    public static final String DISEASE_HEAD = "disease_head.weight";
    /** [1] bias of the disease head. */
    public static final String DISEASE_HEAD_BIAS = "disease_head.bias";
    /** [dim, dim] first product of the projection head. */
    public static final String PROJECTION_1 = "projection.0.weight";
    /** [dim] its bias. */
    public static final String PROJECTION_1_BIAS = "projection.0.bias";
    /** [projection, dim] second product of the projection head. */
    public static final String PROJECTION_2 = "projection.2.weight";
    /** [projection] its bias. */
    public static final String PROJECTION_2_BIAS = "projection.2.bias";

    private WeightShapes() {}

    /** Prefix of the names of a layer's attention block. */
    public static String attention(int layer) {
        return "performer.net.layers." + layer + ".0.";
    }

    /** Prefix of the names of a layer's feed-forward block. */
    public static String feedForward(int layer) {
        return "performer.net.layers." + layer + ".1.";
    }

    /** Whether a weight belongs to a layer. */
    static boolean isOfLayer(String name, int layer) {
        return name.startsWith("performer.net.layers." + layer + ".");
    }

    /** [features, headDim] random directions of a layer: never trained. */
    public static String directions(int layer) {
        return attention(layer) + "fn.fast_attention.projection_matrix";
    }

    /** Every weight of a model with its shape. */
    public static Map<String, long[]> of(NetworkConfig config, ModelOptions options) {
        long dim = config.dim();
        long inner = config.inner();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(TOKENS, new long[] {config.tokens(), dim});
        shapes.put(GENES, new long[] {config.genes() + 2L, dim});
        for (int layer = 0; layer < config.depth(); layer++) {
            String attention = attention(layer);
            shapes.put(attention + "norm.weight", new long[] {dim});
            shapes.put(attention + "norm.bias", new long[] {dim});
            shapes.put(directions(layer), new long[] {config.randomFeatures(), config.headDim()});
            for (String product : new String[] {"to_q", "to_k", "to_v"}) {
                shapes.put(attention + "fn." + product + ".weight", new long[] {inner, dim});
                if (config.qkvBias()) {
                    shapes.put(attention + "fn." + product + ".bias", new long[] {inner});
                }
            }
            shapes.put(attention + "fn.to_out.weight", new long[] {dim, inner});
            shapes.put(attention + "fn.to_out.bias", new long[] {dim});
            String forward = feedForward(layer);
            shapes.put(forward + "norm.weight", new long[] {dim});
            shapes.put(forward + "norm.bias", new long[] {dim});
            shapes.put(forward + "fn.fn.w1.weight", new long[] {config.hidden(), dim});
            shapes.put(forward + "fn.fn.w1.bias", new long[] {config.hidden()});
            shapes.put(forward + "fn.fn.w2.weight", new long[] {dim, config.hidden()});
            shapes.put(forward + "fn.fn.w2.bias", new long[] {dim});
        }
        shapes.put(FINAL_NORM, new long[] {dim});
        shapes.put(FINAL_NORM_BIAS, new long[] {dim});
        shapes.put(TOKEN_HEAD, new long[] {config.tokens(), dim});
        shapes.put(TOKEN_HEAD_BIAS, new long[] {config.tokens()});
        shapes.put(DISEASE_HEAD, new long[] {1, dim});
        shapes.put(DISEASE_HEAD_BIAS, new long[] {1});
        if (options.projection() > 0) {
            shapes.put(PROJECTION_1, new long[] {dim, dim});
            shapes.put(PROJECTION_1_BIAS, new long[] {dim});
            shapes.put(PROJECTION_2, new long[] {options.projection(), dim});
            shapes.put(PROJECTION_2_BIAS, new long[] {options.projection()});
        }
        return shapes;
    }

    /** Whether training changes the weight {@code name}. */
    public static boolean trained(String name, ModelOptions options) {
        return !name.endsWith("projection_matrix") && (options.trainGenes() || !name.equals(GENES));
    }
}
