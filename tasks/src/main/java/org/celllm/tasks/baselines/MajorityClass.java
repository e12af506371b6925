package org.celllm.tasks.baselines;

import org.celllm.data.features.FeatureRows;

/**
 * Calls every cell what most training cells are: what a score is worth nothing below.
 *
 * @param shares [classes] share of the training cells
 */
public record MajorityClass(double[] shares) implements Classifier {
    /**
     * Counts.
     *
     * @param codes [cells] classes
     */
    public static MajorityClass fit(int[] codes, int classes) {
        double[] shares = new double[classes];
        for (int code : codes) {
            shares[code] += 1.0 / codes.length;
        }
        return new MajorityClass(shares);
    }

    @Override
    public int classes() {
        return shares.length;
    }

    @Override
    public double[][] logProbabilities(FeatureRows rows) {
        double[] logs = new double[shares.length];
        for (int c = 0; c < logs.length; c++) {
            logs[c] = Math.log(shares[c]);
        }
        double[][] all = new double[rows.rows()][];
        for (int i = 0; i < all.length; i++) {
            all[i] = logs.clone();
        }
        return all;
    }
}
