package org.celllm.network;

import java.util.Arrays;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.attention.RandomFeatures;
import org.jspecify.annotations.Nullable;

/**
 * First values of weights, each a pure function of (seed, name), so that adding a head changes no other weight.
 * Embeddings are standard normal; products and their biases uniform within 1/√(inputs), norms the identity: the
 * defaults that the published network was trained from.
 */
final class WeightInitialiser {
    private static final long PURPOSE = 0x494E4954L;

    private final NetworkConfig config;
    private final long seed;
    private final float @Nullable [] geneTable;

    /**
     * @param geneTable [genes · dim] embeddings of the genes, or {@code null} for random ones
     */
    WeightInitialiser(NetworkConfig config, long seed, float @Nullable [] geneTable) {
        if (geneTable != null && geneTable.length != (long) config.genes() * config.dim()) {
            throw new IllegalArgumentException("a gene table of " + geneTable.length + " values for " + config.genes()
                    + " genes of width " + config.dim());
        }
        this.config = config;
        this.seed = seed;
        this.geneTable = geneTable;
    }

    /** The first values of weight {@code name}, row by row. */
    double[] values(String name, long[] shape) {
        int count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, Math.toIntExact(size));
        }
        double[] values = new double[count];
        if (name.equals(WeightShapes.TOKENS)) {
            normal(values, name, count);
        } else if (name.equals(WeightShapes.GENES)) {
            genes(values, name);
        } else if (name.endsWith("projection_matrix")) {
            return RandomFeatures.orthogonal(config.randomFeatures(), config.headDim(), seed, 0, layer(name));
        } else if (name.contains("norm.")) {
            Arrays.fill(values, name.endsWith("weight") ? 1 : 0);
        } else {
            uniform(values, name, 1 / Math.sqrt((double) inputs(name, shape)));
        }
        return values;
    }

    private void genes(double[] values, String name) {
        int known = config.genes() * config.dim();
        if (geneTable == null) {
            normal(values, name, known);
        } else {
            for (int i = 0; i < known; i++) {
                values[i] = geneTable[i];
            }
        }
        // CLS is ones and padding zeros, as published.
        Arrays.fill(values, known, known + config.dim(), 1);
    }

    private void normal(double[] values, String name, int count) {
        KeyedRandom random = KeyedRandom.of(seed, PURPOSE, name.hashCode());
        for (int i = 0; i < count; i++) {
            values[i] = CellLanguageModel.FIRST_SPREAD * random.nextGaussian();
        }
    }

    private void uniform(double[] values, String name, double bound) {
        KeyedRandom random = KeyedRandom.of(seed, PURPOSE, name.hashCode());
        for (int i = 0; i < values.length; i++) {
            values[i] = (2 * random.nextDouble() - 1) * bound;
        }
    }

    private long inputs(String name, long[] shape) {
        if (shape.length == 2) {
            return shape[1];
        }
        if (name.endsWith("w2.bias")) {
            return config.hidden();
        }
        return name.endsWith("fn.to_out.bias") ? config.inner() : config.dim();
    }

    private static int layer(String name) {
        return Integer.parseInt(name.substring("performer.net.layers.".length()).split("\\.", 2)[0]);
    }
}
