package org.celllm.data.features;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations: slower than LAPACK, accurate,
 * and short. Meant for the tens of dimensions that a subspace iteration leaves.
 *
 * @param values [n] descending
 * @param vectors [n, n] in columns, in the order of the values
 */
record SymmetricEigen(double[] values, double[] vectors) {
    private static final int MOST_SWEEPS = 60;

    /**
     * Decomposes.
     *
     * @param matrix [n, n]; only its symmetric part counts
     */
    static SymmetricEigen of(double[] matrix, int n) {
        double[][] a = new double[n][n];
        double[][] v = new double[n][n];
        double size = 0;
        for (int i = 0; i < n; i++) {
            v[i][i] = 1;
            for (int j = 0; j < n; j++) {
                a[i][j] = (matrix[i * n + j] + matrix[j * n + i]) / 2;
                size += a[i][j] * a[i][j];
            }
        }
        for (int sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a) > 1e-22 * size; sweep++) {
            for (int p = 0; p < n - 1; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(a, v, p, q);
                }
            }
        }
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -a[i][i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] values = new double[n];
        double[] vectors = new double[n * n];
        for (int c = 0; c < n; c++) {
            values[c] = a[order[c]][order[c]];
            for (int i = 0; i < n; i++) {
                // Rows of v are the vectors: rotations then run along memory.
                vectors[i * n + c] = v[order[c]][i];
            }
        }
        return new SymmetricEigen(values, vectors);
    }

    private static void rotate(double[][] a, double[][] v, int p, int q) {
        double apq = a[p][q];
        if (apq == 0) {
            return;
        }
        double theta = (a[q][q] - a[p][p]) / (2 * apq);
        double t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        int n = a.length;
        for (int i = 0; i < n; i++) {
            double aip = a[i][p];
            double aiq = a[i][q];
            a[i][p] = c * aip - s * aiq;
            a[i][q] = s * aip + c * aiq;
        }
        combine(a[p], a[q], c, s);
        combine(v[p], v[q], c, s);
    }

    private static void combine(double[] p, double[] q, double c, double s) {
        for (int i = 0; i < p.length; i++) {
            double left = p[i];
            double right = q[i];
            p[i] = c * left - s * right;
            q[i] = s * left + c * right;
        }
    }

    private static double offDiagonal(double[][] a) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                sum += i == j ? 0 : a[i][j] * a[i][j];
            }
        }
        return sum;
    }
}
