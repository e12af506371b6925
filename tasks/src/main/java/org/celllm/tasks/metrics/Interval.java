package org.celllm.tasks.metrics;

/**
 * A mean over seeds, folds or draws with its 95% interval (Student's t).
 *
 * @param mean the mean
 * @param low lower end
 * @param high upper end
 * @param n how many values; with one there is no interval and both ends are NaN
 */
public record Interval(double mean, double low, double high, int n) {
    /** Two-sided 95% points of Student's t with 1 … 30 degrees of freedom. */
    private static final double[] T = {
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448,
        2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484,
        2.0452, 2.0423
    };

    /**
     * Mean and interval of some values.
     *
     * @throws IllegalArgumentException when there are none
     */
    public static Interval of(double... values) {
        int n = values.length;
        if (n == 0) {
            throw new IllegalArgumentException("the mean of no values");
        }
        double mean = 0;
        for (double value : values) {
            mean += value / n;
        }
        if (n == 1) {
            return new Interval(mean, Double.NaN, Double.NaN, 1);
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        double half = studentT(n - 1) * Math.sqrt(squares / (n - 1) / n);
        return new Interval(mean, mean - half, mean + half, n);
    }

    /** Mean and interval of shares and other scores between 0 and 1. */
    public static Interval ofShares(double... values) {
        return of(values).within(0, 1);
    }

    /** Of the interval what lies in bounds that no value can pass, as with few values of much spread Student's reaches beyond. */
    public Interval within(double least, double most) {
        return new Interval(mean, Math.max(least, low), Math.min(most, high), n);
    }

    /**
     * Interval of the differences {@code a − b} of two methods measured on the same splits.
     *
     * @param a [splits] scores of the one
     * @param b [splits] scores of the other, in the same order
     */
    public static Interval ofDifference(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("paired scores differ in number");
        }
        double[] difference = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            difference[i] = a[i] - b[i];
        }
        return of(difference);
    }

    /** Whether the whole interval lies above zero. */
    public boolean above0() {
        return low > 0;
    }

    /** The 97.5% point of Student's t, to 1e-4 relative. */
    static double studentT(int degrees) {
        if (degrees <= T.length) {
            return T[degrees - 1];
        }
        // Cornish and Fisher's expansion around the normal point.
        double z = 1.959963984540054;
        double z3 = z * z * z;
        double z5 = z3 * z * z;
        return z + (z3 + z) / (4.0 * degrees) + (5 * z5 + 16 * z3 + 3 * z) / (96.0 * degrees * degrees);
    }
}
