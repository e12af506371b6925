package org.celllm.tasks.response;

import java.util.Arrays;
import java.util.Objects;
import org.celllm.data.random.KeyedRandom;
import org.jspecify.annotations.Nullable;

/**
 * Response = mean + bias of the line + bias of the drug + line's factors · drug's factors, without any feature, fitted by
 * alternating least squares (Koren, Bell and Volinsky, IEEE Computer 2009). Rank and ridge are chosen by the validation
 * pairs. A line or drug without training pairs has neither bias nor factors, which leaves the other's bias.
 */
record MatrixCompletion() implements ResponseMethod {
    private static final int[] RANKS = {2, 8, 16, 32};
    private static final int RANK_FIRST = 8;
    private static final double[] RIDGES = {3, 6, 12, 24};
    private static final double BIAS_RIDGE = 1;
    private static final int TURNS = 20;
    private static final long PURPOSE = 0xA15;

    @Override
    public String name() {
        return "matrix completion";
    }

    @Override
    public float[] predict(ResponseData data, ResponseSplit split, long seed) {
        DrugResponses responses = data.responses();
        Tried best = null;
        for (double ridge : RIDGES) {
            best = Tried.better(best, tried(responses, split, RANK_FIRST, ridge, seed));
        }
        double ridge = best == null ? RIDGES[0] : best.ridge();
        for (int rank : RANKS) {
            if (rank != RANK_FIRST) {
                best = Tried.better(best, tried(responses, split, rank, ridge, seed));
            }
        }
        return Objects.requireNonNull(best).factors().predict(responses, split.test());
    }

    private record Tried(Factors factors, double ridge, double error) {
        static Tried better(@Nullable Tried before, Tried now) {
            return before == null || now.error() < before.error() ? now : before;
        }
    }

    private static Tried tried(DrugResponses responses, ResponseSplit split, int rank, double ridge, long seed) {
        Factors factors = fit(responses, split.train(), rank, ridge, seed);
        float[] predicted = factors.predict(responses, split.validation());
        return new Tried(factors, ridge, SquaredError.of(predicted, responses, split.validation()));
    }

    /**
     * A fit.
     *
     * @param mean of the training pairs
     * @param lines [lines, rank + 1] factors and then the bias
     * @param drugs [drugs, rank + 1]
     */
    record Factors(double mean, double[][] lines, double[][] drugs) {
        float[] predict(DrugResponses responses, int[] pairs) {
            float[] predicted = new float[pairs.length];
            for (int i = 0; i < pairs.length; i++) {
                double[] line = lines[responses.line()[pairs[i]]];
                double[] drug = drugs[responses.drug()[pairs[i]]];
                int rank = line.length - 1;
                double sum = mean + line[rank] + drug[rank];
                for (int f = 0; f < rank; f++) {
                    sum += line[f] * drug[f];
                }
                predicted[i] = (float) sum;
            }
            return predicted;
        }
    }

    /** Fits on some pairs. */
    static Factors fit(DrugResponses responses, int[] pairs, int rank, double ridge, long seed) {
        // The effects are a better start for the biases than zero: fewer turns are needed.
        AdditiveEffects start = AdditiveEffects.fit(responses, pairs, BIAS_RIDGE);
        double[][] lines = new double[responses.lines().size()][rank + 1];
        double[][] drugs = new double[responses.drugs().size()][rank + 1];
        KeyedRandom random = KeyedRandom.of(seed, PURPOSE, rank);
        for (int i = 0; i < drugs.length; i++) {
            for (int f = 0; f < rank; f++) {
                drugs[i][f] = random.nextGaussian();
            }
            drugs[i][rank] = start.drugs()[i];
        }
        int[][] ofLine = members(pairs, responses.line(), lines.length);
        int[][] ofDrug = members(pairs, responses.drug(), drugs.length);
        for (int turn = 0; turn < TURNS; turn++) {
            update(lines, ofLine, drugs, responses.drug(), responses.lnIc50(), start.mean(), ridge);
            update(drugs, ofDrug, lines, responses.line(), responses.lnIc50(), start.mean(), ridge);
        }
        return new Factors(start.mean(), lines, drugs);
    }

    /** Least squares for each unit by itself, given the factors and biases of the others. */
    private static void update(
            double[][] units,
            int[][] pairsOf,
            double[][] others,
            int[] otherOf,
            float[] responses,
            double mean,
            double ridge) {
        int size = others[0].length;
        int rank = size - 1;
        double[][] normal = new double[size][size];
        double[] row = new double[size];
        for (int unit = 0; unit < units.length; unit++) {
            double[] right = new double[size];
            for (int f = 0; f < size; f++) {
                Arrays.fill(normal[f], 0);
                normal[f][f] = f < rank ? ridge : BIAS_RIDGE;
            }
            for (int pair : pairsOf[unit]) {
                double[] other = others[otherOf[pair]];
                System.arraycopy(other, 0, row, 0, rank);
                row[rank] = 1;
                double target = responses[pair] - mean - other[rank];
                for (int f = 0; f < size; f++) {
                    double value = row[f];
                    right[f] += value * target;
                    double[] line = normal[f];
                    for (int g = 0; g <= f; g++) {
                        line[g] += value * row[g];
                    }
                }
            }
            Cholesky.solve(normal, right);
            units[unit] = right;
        }
    }

    private static int[][] members(int[] pairs, int[] group, int groups) {
        int[] count = new int[groups];
        for (int pair : pairs) {
            count[group[pair]]++;
        }
        int[][] members = new int[groups][];
        for (int i = 0; i < groups; i++) {
            members[i] = new int[count[i]];
        }
        for (int i = pairs.length - 1; i >= 0; i--) {
            int unit = group[pairs[i]];
            members[unit][--count[unit]] = pairs[i];
        }
        return members;
    }
}
