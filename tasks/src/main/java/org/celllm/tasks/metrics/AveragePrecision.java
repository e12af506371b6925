package org.celllm.tasks.metrics;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Average precision: the area under the curve of precision over recall, in steps. */
public final class AveragePrecision {
    private AveragePrecision() {}

    /**
     * Σ (Rₖ − Rₖ₋₁) · Pₖ over the distinct scores from the highest down, Pₖ and Rₖ being precision and recall of the
     * cells with that score or a higher one. A score that tells nothing gets the share of positives.
     *
     * @return 0 to 1, NaN without a positive or without a negative
     */
    public static double of(boolean[] positive, double[] scores) {
        if (positive.length != scores.length) {
            throw new IllegalArgumentException(positive.length + " classes for " + scores.length + " scores");
        }
        int positives = 0;
        for (boolean each : positive) {
            positives += each ? 1 : 0;
        }
        if (positives == 0 || positives == positive.length) {
            return Double.NaN;
        }
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double sum = 0;
        int found = 0;
        for (int from = 0; from < order.length; ) {
            int before = found;
            int to = from;
            while (to < order.length && scores[order[to]] == scores[order[from]]) {
                found += positive[order[to++]] ? 1 : 0;
            }
            sum += (double) (found - before) / positives * found / to;
            from = to;
        }
        return sum;
    }
}
