package org.celllm.data.features;

/**
 * Centres each dense feature and divides it by one number or by its own deviation.
 *
 * @param mean [columns]
 * @param deviation [columns] above zero
 */
public record Standardisation(double[] mean, double[] deviation) {
    public Standardisation {
        if (mean.length != deviation.length) {
            throw new IllegalArgumentException("a deviation for each mean is needed");
        }
    }

    /** Every feature to mean 0 and deviation 1; a feature that never varies is only centred. */
    public static Standardisation fit(DenseRows rows) {
        int n = rows.rows();
        double[] mean = new double[rows.columns()];
        double[] deviation = new double[rows.columns()];
        for (float[] row : rows.values()) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += row[j] / (double) n;
            }
        }
        for (float[] row : rows.values()) {
            for (int j = 0; j < mean.length; j++) {
                deviation[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / Math.max(1, n - 1);
            }
        }
        for (int j = 0; j < mean.length; j++) {
            deviation[j] = deviation[j] > 1e-20 ? Math.sqrt(deviation[j]) : 1;
        }
        return new Standardisation(mean, deviation);
    }

    /** Scaled copies of the rows. */
    public DenseRows apply(DenseRows rows) {
        float[][] scaled = new float[rows.rows()][mean.length];
        for (int i = 0; i < scaled.length; i++) {
            for (int j = 0; j < mean.length; j++) {
                scaled[i][j] = (float) ((rows.values()[i][j] - mean[j]) / deviation[j]);
            }
        }
        return new DenseRows(scaled, mean.length);
    }
}
