package org.celllm.data.features;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sparse rows stored again by columns, for products with the transposed matrix that are wanted many times: each sum then
 * stays in a register instead of being fetched and stored for every value. Sums go over the rows in the order and the parts
 * in which {@link FeatureRows#multiplyTransposed} takes them, so the result is the same bits.
 *
 * @param columns how many
 * @param offsets [parts][columns + 1] where each column's values of a part of the rows stand
 * @param rows [values] row of each
 * @param values [values]
 */
record SparseColumns(int columns, int[][] offsets, int[] rows, float[] values) implements FeatureRows.Transposed {
    /** Columns that one task sums. */
    private static final int COLUMNS_AT_A_TIME = 512;

    static SparseColumns of(SparseRows matrix) {
        int parts = RowParts.count(matrix.rows());
        int columns = matrix.columns();
        int size = matrix.offsets()[matrix.rows()];
        int[][] offsets = new int[parts][columns + 1];
        int[] rows = new int[size];
        float[] values = new float[size];
        for (int part = 0; part < parts; part++) {
            int first = RowParts.bound(part, parts, matrix.rows());
            int last = RowParts.bound(part + 1, parts, matrix.rows());
            int[] at = offsets[part];
            for (int i = matrix.offsets()[first]; i < matrix.offsets()[last]; i++) {
                at[matrix.indices()[i] + 1]++;
            }
            at[0] = matrix.offsets()[first];
            for (int column = 0; column < columns; column++) {
                at[column + 1] += at[column];
            }
            int[] next = Arrays.copyOf(at, columns);
            for (int row = first; row < last; row++) {
                for (int i = matrix.offsets()[row]; i < matrix.offsets()[row + 1]; i++) {
                    int place = next[matrix.indices()[i]]++;
                    rows[place] = row;
                    values[place] = matrix.values()[i];
                }
            }
        }
        return new SparseColumns(columns, offsets, rows, values);
    }

    @Override
    public double[] multiply(double[] coefficients, int k) {
        double[] out = new double[Math.multiplyExact(columns, k)];
        int blocks = (columns + COLUMNS_AT_A_TIME - 1) / COLUMNS_AT_A_TIME;
        IntStream.range(0, blocks).parallel().forEach(block -> {
            int last = Math.min(columns, (block + 1) * COLUMNS_AT_A_TIME);
            for (int column = block * COLUMNS_AT_A_TIME; column < last; column++) {
                for (int[] part : offsets) {
                    add(part[column], part[column + 1], coefficients, k, out, column * k);
                }
            }
        });
        return out;
    }

    /** Adds the product of one column's part. */
    private void add(int from, int to, double[] coefficients, int k, double[] out, int at) {
        int c = 0;
        for (; c + 4 <= k; c += 4) {
            double s0 = 0;
            double s1 = 0;
            double s2 = 0;
            double s3 = 0;
            for (int i = from; i < to; i++) {
                double value = values[i];
                int row = rows[i] * k + c;
                s0 += value * coefficients[row];
                s1 += value * coefficients[row + 1];
                s2 += value * coefficients[row + 2];
                s3 += value * coefficients[row + 3];
            }
            out[at + c] += s0;
            out[at + c + 1] += s1;
            out[at + c + 2] += s2;
            out[at + c + 3] += s3;
        }
        for (; c < k; c++) {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += values[i] * coefficients[rows[i] * k + c];
            }
            out[at + c] += sum;
        }
    }
}
