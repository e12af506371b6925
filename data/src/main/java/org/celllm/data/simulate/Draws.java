package org.celllm.data.simulate;

import org.celllm.data.random.KeyedRandom;

/** Random draws that the simulation needs beyond uniform and normal numbers. */
final class Draws {
    private static final int MOST_COUNTS = 10_000_000;

    private Draws() {}

    /** A gamma variate of mean {@code shape} (Marsaglia and Tsang, ACM TOMS 26, 2000). */
    static double gamma(KeyedRandom random, double shape) {
        if (shape < 1) {
            return gamma(random, shape + 1) * Math.pow(1 - random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double v = 1 + c * x;
            if (v > 0) {
                v = v * v * v;
                if (Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
                    return d * v;
                }
            }
        }
    }

    /** A number from 0 to 1 with mean a / (a + b). */
    static double beta(KeyedRandom random, double a, double b) {
        double x = gamma(random, a);
        return x / (x + gamma(random, b));
    }

    /**
     * A negative binomial count by inversion of one uniform number.
     *
     * @param uniform in [0, 1)
     * @param mean expected count
     * @param size inverse of the overdispersion: variance is mean + mean² / size
     */
    static int negativeBinomial(double uniform, double mean, double size) {
        double probability = Math.exp(-size * log1p(mean / size));
        double ratio = mean / (mean + size);
        double left = uniform - probability;
        int count = 0;
        while (left >= 0 && count < MOST_COUNTS && probability > 0) {
            probability *= ratio * (count + size) / (count + 1);
            left -= probability;
            count++;
        }
        return count;
    }

    /** To 1e-13; several times as fast as {@link Math#log1p}. */
    private static double log1p(double x) {
        return x > 1e-3 ? Math.log(1 + x) : Math.log1p(x);
    }

    /** The place in {@code cumulative} (ascending, ending in 1) where a uniform number falls. */
    static int pick(double uniform, double[] cumulative) {
        for (int i = 0; i < cumulative.length - 1; i++) {
            if (uniform < cumulative[i]) {
                return i;
            }
        }
        return cumulative.length - 1;
    }
}
