package org.celllm.data.simulate;

import java.util.Arrays;
import org.celllm.data.random.KeyedRandom;

/**
 * Genes that are expressed together more or less than elsewhere.
 *
 * @param genes [n] which, ascending
 * @param effects [n] natural log of the fold change of each
 */
record Programme(int[] genes, float[] effects) {
    /**
     * Draws a programme: each gene belongs to it with probability {@code share}, four of five upwards, by the absolute
     * value of a normal number.
     *
     * @param random where from
     * @param all genes there are
     * @param share expected share of them
     * @param spread standard deviation of the log fold change
     */
    static Programme draw(KeyedRandom random, int all, double share, double spread) {
        int[] genes = new int[all];
        float[] effects = new float[all];
        int n = 0;
        for (int gene = 0; gene < all; gene++) {
            if (random.nextDouble() < share) {
                genes[n] = gene;
                double size = Math.abs(random.nextGaussian()) * spread;
                effects[n++] = (float) (random.nextDouble() < 0.8 ? size : -size);
            }
        }
        return new Programme(Arrays.copyOf(genes, n), Arrays.copyOf(effects, n));
    }

    /** Multiplies the weights of its genes by their fold changes to the power of {@code activity}. */
    void apply(double[] weights, double activity) {
        for (int i = 0; i < genes.length; i++) {
            weights[genes[i]] *= Math.exp(activity * effects[i]);
        }
    }
}
