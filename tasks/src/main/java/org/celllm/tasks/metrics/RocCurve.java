package org.celllm.tasks.metrics;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The receiver operating characteristic: which share of the positives is found where a given share of the negatives is
 * found too, over all thresholds of a score.
 *
 * @param falsePositives [points] share of the negatives, ascending from 0 to 1
 * @param truePositives [points] share of the positives, ascending from 0 to 1
 */
public record RocCurve(double[] falsePositives, double[] truePositives) {
    public RocCurve {
        if (falsePositives.length != truePositives.length || falsePositives.length < 2) {
            throw new IllegalArgumentException("a curve needs two points at least");
        }
    }

    /**
     * The curve of a score; equal scores are passed together, so that a tie is a slope.
     *
     * @throws IllegalArgumentException without a positive or without a negative
     */
    public static RocCurve of(boolean[] positive, float[] scores) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        long positives =
                IntStream.range(0, positive.length).filter(i -> positive[i]).count();
        long negatives = positive.length - positives;
        if (positives == 0 || negatives == 0 || positive.length != scores.length) {
            throw new IllegalArgumentException(positives + " positives and " + negatives + " negatives");
        }
        double[] x = new double[order.length + 1];
        double[] y = new double[order.length + 1];
        int points = 1;
        long found = 0;
        for (int i = 0; i < order.length; i++) {
            found += positive[order[i]] ? 1 : 0;
            if (i + 1 == order.length || scores[order[i + 1]] != scores[order[i]]) {
                x[points] = (double) (i + 1 - found) / negatives;
                y[points++] = (double) found / positives;
            }
        }
        return new RocCurve(java.util.Arrays.copyOf(x, points), java.util.Arrays.copyOf(y, points));
    }

    /** The share of positives found where this share of negatives is, the most of it where the curve stands upright. */
    public double at(double falsePositive) {
        int last = 0;
        while (last + 1 < falsePositives.length && falsePositives[last + 1] <= falsePositive) {
            last++;
        }
        if (last + 1 == falsePositives.length) {
            return truePositives[last];
        }
        double width = falsePositives[last + 1] - falsePositives[last];
        double along = (falsePositive - falsePositives[last]) / width;
        return truePositives[last] + along * (truePositives[last + 1] - truePositives[last]);
    }

    /** The area under it, which is {@link RocArea}. */
    public double area() {
        double area = 0;
        for (int i = 1; i < falsePositives.length; i++) {
            area += (falsePositives[i] - falsePositives[i - 1]) * (truePositives[i] + truePositives[i - 1]) / 2;
        }
        return area;
    }
}
