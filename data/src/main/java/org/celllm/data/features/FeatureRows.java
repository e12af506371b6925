package org.celllm.data.features;

import java.util.stream.IntStream;

/**
 * A matrix X of features, [rows, columns], seen through its two products. Implementations are immutable and thread
 * safe.
 */
public sealed interface FeatureRows permits SparseRows, ShiftedRows, DenseRows {
    /** Cells. */
    int rows();

    /** Features. */
    int columns();

    /** Some rows, in the given order; may share storage. */
    FeatureRows select(int[] rows);

    /**
     * Adds row · weights to {@code out}.
     *
     * @param row which row
     * @param weights [columns, k]
     * @param k how many columns of weights
     * @param out k sums, from {@code at} on
     */
    void addProduct(int row, double[] weights, int k, double[] out, int at);

    /**
     * Adds rowᵀ · coefficients to {@code out}, for rows {@code first … last − 1}.
     *
     * @param coefficients [rows, k]
     * @param out [columns, k]
     */
    void addTransposed(int first, int last, double[] coefficients, int k, double[] out);

    /**
     * X · weights.
     *
     * @param weights [columns, k]
     * @return [rows, k]
     */
    default double[] multiply(double[] weights, int k) {
        double[] out = new double[Math.multiplyExact(rows(), k)];
        int parts = RowParts.count(rows());
        IntStream.range(0, parts).parallel().forEach(part -> {
            int last = RowParts.bound(part + 1, parts, rows());
            for (int row = RowParts.bound(part, parts, rows()); row < last; row++) {
                addProduct(row, weights, k, out, row * k);
            }
        });
        return out;
    }

    /** Xᵀ, made ready for many products. Thread safe. */
    @FunctionalInterface
    interface Transposed {
        /**
         * Xᵀ · coefficients, in the very bits of {@link FeatureRows#multiplyTransposed}.
         *
         * @param coefficients [rows, k]
         * @return [columns, k]
         */
        double[] multiply(double[] coefficients, int k);
    }

    /** Makes Xᵀ ready for many products; may take as much memory again as X. */
    default Transposed transposed() {
        return this::multiplyTransposed;
    }

    /**
     * Xᵀ · coefficients.
     *
     * @param coefficients [rows, k]
     * @return [columns, k]
     */
    default double[] multiplyTransposed(double[] coefficients, int k) {
        int parts = RowParts.count(rows());
        double[][] sums = new double[parts][];
        IntStream.range(0, parts).parallel().forEach(part -> {
            double[] sum = new double[Math.multiplyExact(columns(), k)];
            addTransposed(
                    RowParts.bound(part, parts, rows()), RowParts.bound(part + 1, parts, rows()), coefficients, k, sum);
            sums[part] = sum;
        });
        double[] total = sums[0];
        for (int part = 1; part < parts; part++) {
            for (int i = 0; i < total.length; i++) {
                total[i] += sums[part][i];
            }
        }
        return total;
    }
}
