package org.celllm.tasks.response.model;

import java.util.Arrays;

/**
 * How alike two lines are, 1 for a line and itself on average: a share by being the same line, the rest by features, either
 * their inner product or exp(−squared distance / scale).
 *
 * @param shape of the part by features
 * @param same the share that only the same line has: what features do not tell of a line
 * @param scale of squared distances; the median among the training lines
 */
record LineKernel(Shape shape, double same, double scale) {
    enum Shape {
        LINEAR,
        GAUSSIAN
    }

    LineKernel {
        if (!(same >= 0 && same <= 1 && scale > 0)) {
            throw new IllegalArgumentException("a share of " + same + " and a scale of " + scale);
        }
    }

    /** A kernel whose scale fits the training lines' rows. */
    static LineKernel of(Shape shape, double same, double[][] rows) {
        int n = rows.length;
        double[] distances = new double[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n && shape == Shape.GAUSSIAN; i++) {
            for (int j = 0; j < i; j++) {
                distances[next++] = distance(rows[i], rows[j]);
            }
        }
        Arrays.sort(distances);
        double median = distances.length == 0 ? 0 : distances[distances.length / 2];
        return new LineKernel(shape, same, median > 0 ? median : 1);
    }

    /** The same with another share. */
    LineKernel with(double otherSame) {
        return new LineKernel(shape, otherSame, scale);
    }

    /**
     * How alike lines are.
     *
     * @param asked rows of features
     * @param trained rows of features
     * @param known for each asked line its place among the trained ones, −1 where it is another
     * @return [asked][trained]
     */
    double[][] between(double[][] asked, double[][] trained, int[] known) {
        double[][] alike = new double[asked.length][trained.length];
        for (int i = 0; i < asked.length; i++) {
            for (int j = 0; j < trained.length; j++) {
                double byFeatures = shape == Shape.LINEAR
                        ? dot(asked[i], trained[j])
                        : Math.exp(-distance(asked[i], trained[j]) / scale);
                alike[i][j] = (1 - same) * byFeatures + (known[i] == j ? same : 0);
            }
        }
        return alike;
    }

    private static double dot(double[] a, double[] b) {
        double even = 0;
        double odd = 0;
        int i = 0;
        for (; i + 1 < a.length; i += 2) {
            even += a[i] * b[i];
            odd += a[i + 1] * b[i + 1];
        }
        return i < a.length ? even + odd + a[i] * b[i] : even + odd;
    }

    private static double distance(double[] a, double[] b) {
        double even = 0;
        double odd = 0;
        int i = 0;
        for (; i + 1 < a.length; i += 2) {
            even += (a[i] - b[i]) * (a[i] - b[i]);
            odd += (a[i + 1] - b[i + 1]) * (a[i + 1] - b[i + 1]);
        }
        return i < a.length ? even + odd + (a[i] - b[i]) * (a[i] - b[i]) : even + odd;
    }
}
