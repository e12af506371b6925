package org.celllm.tasks.baselines;

import java.util.Arrays;
import org.celllm.data.features.FeatureRows;

/**
 * Ridge regression on ±1 targets, one for each class; the largest wins. Solved by conjugate gradients on the normal
 * equations, all classes at once, with the intercept taken out by centring.
 *
 * @param weights [features, classes]
 * @param intercepts [classes]; −∞ for a class without training cells
 */
public record RidgeClassifier(double[] weights, double[] intercepts) implements Classifier {
    private static final int ITERATIONS = 500;
    private static final double TOLERANCE = 1e-5;

    /**
     * Fits.
     *
     * @param rows [cells, features]
     * @param codes [cells] classes
     * @param penalty added to the diagonal of XᵀX
     */
    public static RidgeClassifier fit(FeatureRows rows, int[] codes, int classes, double penalty) {
        int n = codes.length;
        if (rows.rows() != n || n == 0 || !(penalty > 0)) {
            throw new IllegalArgumentException(n + " labels for " + rows.rows() + " cells");
        }
        double[] targetMean = new double[classes];
        for (int code : codes) {
            targetMean[code] += 1.0 / n;
        }
        double[] targets = new double[n * classes];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < classes; c++) {
                targets[i * classes + c] = 2 * ((c == codes[i] ? 1 : 0) - targetMean[c]);
            }
        }
        double[] ones = new double[n];
        Arrays.fill(ones, 1.0 / n);
        double[] mean = rows.multiplyTransposed(ones, 1);
        double[] weights = solve(rows, targets, classes, penalty);
        double[] intercepts = new double[classes];
        for (int c = 0; c < classes; c++) {
            intercepts[c] = targetMean[c] == 0 ? Double.NEGATIVE_INFINITY : 2 * targetMean[c] - 1;
            for (int j = 0; j < mean.length; j++) {
                intercepts[c] -= mean[j] * weights[j * classes + c];
            }
        }
        return new RidgeClassifier(weights, intercepts);
    }

    @Override
    public int classes() {
        return intercepts.length;
    }

    /** {@inheritDoc} Ridge knows no probabilities: these are its scores through a softmax, fit for ranking only. */
    @Override
    public double[][] logProbabilities(FeatureRows rows) {
        int k = intercepts.length;
        double[] scores = rows.multiply(weights, k);
        double[][] logs = new double[rows.rows()][k];
        for (int i = 0; i < logs.length; i++) {
            for (int c = 0; c < k; c++) {
                logs[i][c] = scores[i * k + c] + intercepts[c];
            }
            LogisticRegression.normalise(logs[i]);
        }
        return logs;
    }

    private static double[] solve(FeatureRows rows, double[] targets, int k, double penalty) {
        // The targets have mean zero, so their product with centred features is that with the features themselves.
        double[] residual = rows.multiplyTransposed(targets, k);
        double[] weights = new double[residual.length];
        double[] direction = residual.clone();
        double[] squares = columnDots(residual, residual, k);
        double[] enough =
                Arrays.stream(squares).map(s -> s * TOLERANCE * TOLERANCE).toArray();
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            double[] image = centredNormal(rows, direction, k, penalty);
            double[] along = columnDots(direction, image, k);
            boolean done = true;
            for (int c = 0; c < k; c++) {
                done &= squares[c] <= enough[c];
            }
            if (done) {
                break;
            }
            for (int i = 0; i < weights.length; i++) {
                int c = i % k;
                double step = squares[c] <= enough[c] ? 0 : squares[c] / along[c];
                weights[i] += step * direction[i];
                residual[i] -= step * image[i];
            }
            double[] now = columnDots(residual, residual, k);
            for (int i = 0; i < weights.length; i++) {
                int c = i % k;
                direction[i] = residual[i] + (squares[c] == 0 ? 0 : now[c] / squares[c]) * direction[i];
            }
            squares = now;
        }
        return weights;
    }

    /** (X − mean)ᵀ(X − mean)·direction + penalty·direction. */
    private static double[] centredNormal(FeatureRows rows, double[] direction, int k, double penalty) {
        double[] scores = rows.multiply(direction, k);
        double[] mean = new double[k];
        for (int i = 0; i < scores.length; i++) {
            mean[i % k] += scores[i] / rows.rows();
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] -= mean[i % k];
        }
        double[] image = rows.multiplyTransposed(scores, k);
        for (int i = 0; i < image.length; i++) {
            image[i] += penalty * direction[i];
        }
        return image;
    }

    private static double[] columnDots(double[] a, double[] b, int k) {
        double[] dots = new double[k];
        for (int i = 0; i < a.length; i++) {
            dots[i % k] += a[i] * b[i];
        }
        return dots;
    }
}
