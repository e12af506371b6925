package org.celllm.tasks.response;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Solves (A + penalty) x = y for many penalties at once, A symmetric and without negative eigenvalues and known by what
 * it does to a vector only: Lanczos' basis of A and y serves all penalties, and each then costs a tridiagonal system
 * (Golub and Van Loan, Matrix Computations, chapter 10). The basis is orthogonalised twice, so that rounding does not
 * spoil it.
 */
final class ShiftedSystems {
    private static final double TOLERANCE = 1e-5;
    private static final int CHECK_EVERY = 5;

    private ShiftedSystems() {}

    /** A symmetric matrix. */
    @FunctionalInterface
    interface Symmetric {
        /** The matrix times a vector. */
        double[] times(double[] vector);
    }

    /**
     * Solves.
     *
     * @param y [n]
     * @param penalties each above zero
     * @param mostSteps steps after which the solutions are taken as they are; they end earlier where the residual of the
     *     least penalty is below 1e-5 of y
     * @return [penalties, n]
     */
    static double[][] solve(Symmetric matrix, double[] y, double[] penalties, int mostSteps) {
        int n = y.length;
        double[][] solutions = new double[penalties.length][n];
        double length = Math.sqrt(dot(y, y));
        if (length == 0) {
            return solutions;
        }
        double least = Arrays.stream(penalties).min().orElseThrow();
        int steps = Math.min(n, mostSteps);
        List<double[]> basis = new ArrayList<>();
        double[] diagonal = new double[steps];
        double[] beside = new double[steps];
        basis.add(scaled(y, 1 / length));
        int k = 0;
        while (k < steps) {
            double[] next = matrix.times(basis.get(k));
            double size = Math.sqrt(dot(next, next));
            diagonal[k] = dot(next, basis.get(k));
            for (int round = 0; round < 2; round++) {
                for (double[] vector : basis) {
                    add(next, vector, -dot(next, vector));
                }
            }
            double rest = Math.sqrt(dot(next, next));
            beside[k++] = rest;
            boolean last = rest <= 1e-10 * size || k == steps;
            if (!last && k % CHECK_EVERY == 0) {
                double[] inside = tridiagonal(diagonal, beside, k, least, length);
                last = rest * Math.abs(inside[k - 1]) <= TOLERANCE * length;
            }
            if (last) {
                break;
            }
            basis.add(scaled(next, 1 / rest));
        }
        for (int p = 0; p < penalties.length; p++) {
            double[] inside = tridiagonal(diagonal, beside, k, penalties[p], length);
            for (int i = 0; i < k; i++) {
                add(solutions[p], basis.get(i), inside[i]);
            }
        }
        return solutions;
    }

    /** Solves the k × k tridiagonal system with the right side (first, 0, …, 0). */
    private static double[] tridiagonal(double[] diagonal, double[] beside, int k, double penalty, double first) {
        double[] pivot = new double[k];
        double[] x = new double[k];
        for (int i = 0; i < k; i++) {
            double factor = i == 0 ? 0 : beside[i - 1] / pivot[i - 1];
            pivot[i] = diagonal[i] + penalty - (i == 0 ? 0 : factor * beside[i - 1]);
            x[i] = i == 0 ? first : -factor * x[i - 1];
        }
        for (int i = k - 1; i >= 0; i--) {
            x[i] = (x[i] - (i == k - 1 ? 0 : beside[i] * x[i + 1])) / pivot[i];
        }
        return x;
    }

    static double dot(double[] a, double[] b) {
        // Four sums: one alone waits for each addition to end.
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + s2 + s3;
    }

    static void add(double[] to, double[] vector, double times) {
        for (int i = 0; i < to.length; i++) {
            to[i] += times * vector[i];
        }
    }

    private static double[] scaled(double[] vector, double by) {
        double[] scaled = new double[vector.length];
        add(scaled, vector, by);
        return scaled;
    }
}
