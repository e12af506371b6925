package org.celllm.tasks.metrics;

/** The area under the receiver operating characteristic: how well a score ranks positives above negatives. */
public final class RocArea {
    private RocArea() {}

    /**
     * The chance that a positive has a higher score than a negative, ties counting half (Mann and Whitney).
     *
     * @return 0 to 1, NaN without a positive or without a negative
     */
    public static double of(boolean[] positive, float[] scores) {
        double[] doubles = new double[scores.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = scores[i];
        }
        return of(positive, doubles);
    }

    /** The same of scores in double precision. */
    public static double of(boolean[] positive, double[] scores) {
        if (positive.length != scores.length) {
            throw new IllegalArgumentException(positive.length + " classes for " + scores.length + " scores");
        }
        double[] ranks = Correlation.ranks(scores);
        double sum = 0;
        double positives = 0;
        for (int i = 0; i < positive.length; i++) {
            if (positive[i]) {
                sum += ranks[i];
                positives++;
            }
        }
        double negatives = positive.length - positives;
        return positives == 0 || negatives == 0
                ? Double.NaN
                : (sum - positives * (positives + 1) / 2) / (positives * negatives);
    }
}
