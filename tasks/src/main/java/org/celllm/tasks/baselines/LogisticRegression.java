package org.celllm.tasks.baselines;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.celllm.data.features.FeatureRows;
import org.jspecify.annotations.Nullable;

/**
 * Multinomial logistic regression with an L2 penalty, fitted by L-BFGS. Minimises {@code strength · Σ wᵢ·lossᵢ +
 * ½‖W‖²}, where {@code strength} is what scikit-learn calls {@code C}; the intercepts are free. Convex, so the fit
 * does not depend on a seed.
 *
 * @param weights [features, classes]
 * @param intercepts [classes]; −∞ for a class without training cells
 */
public record LogisticRegression(double[] weights, double[] intercepts) implements Classifier {
    private static final int ITERATIONS = 400;
    private static final double TOLERANCE = 1e-3;

    public LogisticRegression {
        if (intercepts.length == 0 || weights.length % intercepts.length != 0) {
            throw new IllegalArgumentException("weights do not fit " + intercepts.length + " classes");
        }
    }

    /**
     * Fits.
     *
     * @param rows [cells, features]
     * @param codes [cells] classes
     * @param classes how many there are; those without cells are never predicted
     * @param strength C: the larger, the weaker the penalty
     */
    public static LogisticRegression fit(
            FeatureRows rows, int[] codes, int classes, double strength, ClassWeights classWeights) {
        return fit(rows, codes, classes, strength, classWeights, null);
    }

    /**
     * As above, from a start: the result is the same to the tolerance, sooner.
     *
     * @param start a fit on the very same cells, with another strength; {@code null} for zeros
     */
    public static LogisticRegression fit(
            FeatureRows rows,
            int[] codes,
            int classes,
            double strength,
            ClassWeights classWeights,
            @Nullable LogisticRegression start) {
        if (rows.rows() != codes.length || codes.length == 0 || !(strength > 0)) {
            throw new IllegalArgumentException(codes.length + " labels for " + rows.rows() + " cells");
        }
        int[] present = Arrays.stream(codes).distinct().sorted().toArray();
        int[] place = new int[classes];
        for (int i = 0; i < present.length; i++) {
            place[present[i]] = i;
        }
        int[] compact = Arrays.stream(codes).map(code -> place[code]).toArray();
        int k = present.length;
        double[] cellWeights = classWeights.of(compact, k);
        // Divided by strength · cells, so that the size of the gradient, and the tolerance, do not depend on either.
        double penalty = 1 / (strength * codes.length);
        int features = rows.columns();
        FeatureRows.Transposed transposed = rows.transposed();
        double[] fitted = Lbfgs.minimise(
                start == null ? new double[(features + 1) * k] : start.compacted(features, present),
                (at, gradient) -> objective(rows, transposed, compact, cellWeights, k, penalty, at, gradient),
                ITERATIONS,
                TOLERANCE);
        double[] weights = new double[features * classes];
        double[] intercepts = new double[classes];
        Arrays.fill(intercepts, Double.NEGATIVE_INFINITY);
        for (int c = 0; c < k; c++) {
            for (int j = 0; j < features; j++) {
                weights[j * classes + present[c]] = fitted[j * k + c];
            }
            intercepts[present[c]] = fitted[features * k + c];
        }
        return new LogisticRegression(weights, intercepts);
    }

    @Override
    public int classes() {
        return intercepts.length;
    }

    @Override
    public double[][] logProbabilities(FeatureRows rows) {
        int k = intercepts.length;
        double[] scores = rows.multiply(weights, k);
        double[][] logs = new double[rows.rows()][k];
        for (int i = 0; i < logs.length; i++) {
            for (int c = 0; c < k; c++) {
                logs[i][c] = scores[i * k + c] + intercepts[c];
            }
            normalise(logs[i]);
        }
        return logs;
    }

    /** Weights and then intercepts of the classes that have cells, as the optimiser holds them. */
    private double[] compacted(int features, int[] present) {
        int k = present.length;
        double[] compact = new double[(features + 1) * k];
        for (int c = 0; c < k; c++) {
            for (int j = 0; j < features; j++) {
                compact[j * k + c] = weights[j * intercepts.length + present[c]];
            }
            compact[features * k + c] = intercepts[present[c]];
        }
        return compact;
    }

    /** Subtracts the logarithm of the sum of exponentials, in place. */
    public static void normalise(double[] scores) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            largest = Math.max(largest, score);
        }
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(score - largest);
        }
        double log = largest + Math.log(sum);
        for (int c = 0; c < scores.length; c++) {
            scores[c] -= log;
        }
    }

    private static double objective(
            FeatureRows rows,
            FeatureRows.Transposed transposed,
            int[] codes,
            double[] cellWeights,
            int k,
            double penalty,
            double[] at,
            double[] gradient) {
        int n = codes.length;
        int features = rows.columns() * k;
        double[] scores = rows.multiply(at, k);
        double[] losses = new double[n];
        // Scores become residuals in place: weight · (probability − truth) / cells.
        IntStream.range(0, n).parallel().forEach(i -> {
            int from = i * k;
            double largest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < k; c++) {
                scores[from + c] += at[features + c];
                largest = Math.max(largest, scores[from + c]);
            }
            double own = scores[from + codes[i]];
            double sum = 0;
            for (int c = 0; c < k; c++) {
                scores[from + c] = Math.exp(scores[from + c] - largest);
                sum += scores[from + c];
            }
            double weight = cellWeights[i] / n;
            losses[i] = weight * (largest + Math.log(sum) - own);
            for (int c = 0; c < k; c++) {
                scores[from + c] = weight * (scores[from + c] / sum - (c == codes[i] ? 1 : 0));
            }
        });
        double value = 0;
        for (double loss : losses) {
            value += loss;
        }
        double[] slopes = transposed.multiply(scores, k);
        for (int j = 0; j < features; j++) {
            gradient[j] = slopes[j] + penalty * at[j];
            value += penalty * at[j] * at[j] / 2;
        }
        Arrays.fill(gradient, features, features + k, 0);
        for (int i = 0; i < scores.length; i++) {
            gradient[features + i % k] += scores[i];
        }
        return value;
    }
}
