package org.celllm.tasks.response;

/** By how much predictions miss: what settings are chosen by. */
final class SquaredError {
    private SquaredError() {}

    /** Sum over some pairs. */
    static double of(float[] predicted, DrugResponses responses, int[] pairs) {
        double sum = 0;
        for (int i = 0; i < pairs.length; i++) {
            double miss = predicted[i] - responses.lnIc50()[pairs[i]];
            sum += miss * miss;
        }
        return sum;
    }

    /** The place of the smallest. */
    static int least(double[] errors) {
        int best = 0;
        for (int i = 1; i < errors.length; i++) {
            best = errors[i] < errors[best] ? i : best;
        }
        return best;
    }
}
