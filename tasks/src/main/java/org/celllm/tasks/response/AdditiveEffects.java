package org.celllm.tasks.response;

/**
 * Response = mean + effect of the drug + effect of the line, each effect shrunken towards zero by a ridge, fitted by
 * taking turns. A line or drug without training pairs has the effect zero.
 *
 * @param mean of the training pairs
 * @param lines [lines] effects
 * @param drugs [drugs] effects
 */
record AdditiveEffects(double mean, double[] lines, double[] drugs) {
    private static final int TURNS = 30;

    /** The penalties that are tried, in pairs: with n pairs, an effect keeps n / (n + penalty) of its size. */
    private static final double[] PENALTIES = {0.1, 0.3, 1, 3, 10, 30};

    /** Fits with a given penalty. */
    static AdditiveEffects fit(DrugResponses responses, int[] pairs, double penalty) {
        double mean = 0;
        for (int pair : pairs) {
            mean += responses.lnIc50()[pair] / (double) pairs.length;
        }
        double[] lines = new double[responses.lines().size()];
        double[] drugs = new double[responses.drugs().size()];
        for (int turn = 0; turn < TURNS; turn++) {
            drugs = effects(responses, pairs, mean, responses.line(), lines, responses.drug(), drugs.length, penalty);
            lines = effects(responses, pairs, mean, responses.drug(), drugs, responses.line(), lines.length, penalty);
        }
        return new AdditiveEffects(mean, lines, drugs);
    }

    /** Fits with the penalty that predicts the validation pairs best. */
    static AdditiveEffects tuned(DrugResponses responses, ResponseSplit split) {
        AdditiveEffects best = null;
        double least = Double.POSITIVE_INFINITY;
        for (double penalty : PENALTIES) {
            AdditiveEffects fit = fit(responses, split.train(), penalty);
            double error = SquaredError.of(fit.predict(responses, split.validation()), responses, split.validation());
            if (best == null || error < least) {
                best = fit;
                least = error;
            }
        }
        return java.util.Objects.requireNonNull(best);
    }

    /** The predictions for some pairs. */
    float[] predict(DrugResponses responses, int[] pairs) {
        float[] predicted = new float[pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            predicted[i] = (float)
                    (mean + lines[responses.line()[pairs[i]]] + drugs[responses.drug()[pairs[i]]]);
        }
        return predicted;
    }

    /** The shrunken mean, for each unit, of what mean and the other effects leave. */
    private static double[] effects(
            DrugResponses responses,
            int[] pairs,
            double mean,
            int[] other,
            double[] otherEffects,
            int[] unit,
            int units,
            double penalty) {
        double[] sum = new double[units];
        int[] count = new int[units];
        for (int pair : pairs) {
            sum[unit[pair]] += responses.lnIc50()[pair] - mean - otherEffects[other[pair]];
            count[unit[pair]]++;
        }
        for (int i = 0; i < units; i++) {
            sum[i] = count[i] == 0 ? 0 : sum[i] / (count[i] + penalty);
        }
        return sum;
    }
}
