package org.celllm.tasks.isotropy;

/**
 * The singular values σ of a matrix, and how evenly its directions share it. Figures of a matrix of zeros are NaN.
 *
 * @param values [directions] descending, not negative
 */
public record Spectrum(double[] values) {
    /** σ₁² / Σσ²: the share of the first direction, 1 where all rows lie on a line. */
    public double firstShare() {
        return values.length == 0 ? Double.NaN : values[0] * values[0] / squares();
    }

    /**
     * The effective rank (Roy and Vetterli, EUSIPCO 2007): exp of the entropy of σ / Σσ, from 1 to the number of
     * directions.
     */
    public double effectiveRank() {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double entropy = 0;
        for (double value : values) {
            double share = value / sum;
            entropy -= share == 0 ? 0 : share * Math.log(share);
        }
        return sum == 0 ? Double.NaN : Math.exp(entropy);
    }

    /** The participation ratio (Σσ²)² / Σσ⁴, from 1 to the number of directions. */
    public double participationRatio() {
        double fourth = 0;
        for (double value : values) {
            fourth += value * value * value * value;
        }
        return squares() * squares() / fourth;
    }

    /** [directions] σ_k / σ₁. */
    public double[] relative() {
        double[] relative = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            relative[i] = values[i] / values[0];
        }
        return relative;
    }

    private double squares() {
        double squares = 0;
        for (double value : values) {
            squares += value * value;
        }
        return squares;
    }
}
