package org.celllm.tasks.metrics;

import java.util.Comparator;
import java.util.stream.IntStream;

/** How two lists of numbers go together. */
public final class Correlation {
    private Correlation() {}

    /**
     * Pearson's correlation of what is measured and what is predicted: NaN where the measured do not vary, 0 where only
     * the predicted do not, since such a prediction tells nothing.
     */
    public static double pearson(float[] measured, float[] predicted) {
        return pearson(doubles(measured), doubles(predicted));
    }

    /** Spearman's correlation, Pearson's of the ranks; equal numbers share the mean of their ranks. */
    public static double spearman(float[] measured, float[] predicted) {
        return pearson(ranks(measured), ranks(predicted));
    }

    /** The rank of each number, from 1 for the smallest; equal numbers share the mean of their ranks. */
    public static double[] ranks(float[] values) {
        return ranks(doubles(values));
    }

    /** The same of numbers in double precision. */
    public static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        for (int from = 0; from < order.length; ) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + 1 + to) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    private static double pearson(double[] measured, double[] predicted) {
        int n = measured.length;
        if (predicted.length != n) {
            throw new IllegalArgumentException(n + " measured and " + predicted.length + " predicted");
        }
        if (!varies(measured)) {
            return Double.NaN;
        }
        if (!varies(predicted)) {
            return 0;
        }
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < n; i++) {
            meanX += measured[i] / n;
            meanY += predicted[i] / n;
        }
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < n; i++) {
            double x = measured[i] - meanX;
            double y = predicted[i] - meanY;
            xx += x * x;
            yy += y * y;
            xy += x * y;
        }
        return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
    }

    private static boolean varies(double[] values) {
        for (double value : values) {
            if (value != values[0]) {
                return true;
            }
        }
        return false;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
