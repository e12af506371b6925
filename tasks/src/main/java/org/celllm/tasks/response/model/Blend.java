package org.celllm.tasks.response.model;

import java.util.Arrays;

/**
 * The weighted sum of paths' predictions, as distances from a mean. Weights are not negative and minimise the squared error of
 * validation pairs plus a pull towards the first path alone, which few lines or drugs cannot overrule; they need not sum to 1, so that
 * predictions of what is hard to know stay near the mean.
 *
 * @param mean ln IC50 of the training pairs
 * @param weights one a path
 */
record Blend(double mean, double[] weights) {
    /** How far weights may be expected to lie from the first path's alone: a variance of a quarter. */
    private static final double SPREAD = 0.25;

    private static final int SWEEPS = 200;

    /**
     * Fits.
     *
     * @param mean of the training pairs
     * @param predicted [paths][pairs] of validation pairs, that of the path to rely on first
     * @param measured [pairs]
     * @param independent how many things the pairs tell of: the lesser of their lines and drugs.
     */
    static Blend fit(double mean, double[][] predicted, double[] measured, int independent) {
        int paths = predicted.length;
        int n = measured.length;
        double[] misses = new double[paths];
        double[][] products = new double[paths][paths];
        double[] right = new double[paths];
        for (int i = 0; i < n; i++) {
            double away = measured[i] - mean;
            for (int p = 0; p < paths; p++) {
                misses[p] += Math.pow(measured[i] - predicted[p][i], 2) / n;
                right[p] += away * (predicted[p][i] - mean) / n;
                for (int q = 0; q < paths; q++) {
                    products[p][q] += (predicted[p][i] - mean) * (predicted[q][i] - mean) / n;
                }
            }
        }
        // As for weights drawn around 1, 0, …, and errors as large as the best path's.
        double pull = Arrays.stream(misses).min().orElse(0) / SPREAD / Math.max(1, independent);
        double[] weights = new double[paths];
        weights[0] = 1;
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int p = 0; p < paths; p++) {
                double usual = p == 0 ? 1 : 0;
                double gradient = right[p] + pull * usual;
                for (int q = 0; q < paths; q++) {
                    gradient -= q == p ? 0 : products[p][q] * weights[q];
                }
                double curvature = products[p][p] + pull;
                weights[p] = curvature > 0 ? Math.max(0, gradient / curvature) : usual;
            }
        }
        return new Blend(mean, weights);
    }

    /** The blend of one pair's predictions. */
    double of(double... predicted) {
        double value = mean;
        for (int p = 0; p < weights.length; p++) {
            value += weights[p] * (predicted[p] - mean);
        }
        return value;
    }
}
