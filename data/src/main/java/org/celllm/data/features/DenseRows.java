package org.celllm.data.features;

/**
 * Features that are all stored: embeddings, principal components.
 *
 * @param values [rows][columns]
 * @param columns how many columns, for a matrix without rows
 */
public record DenseRows(float[][] values, int columns) implements FeatureRows {
    public DenseRows {
        for (float[] row : values) {
            if (row.length != columns) {
                throw new IllegalArgumentException("a row has " + row.length + " of " + columns + " features");
            }
        }
    }

    /** Rows that are all of the length of the first. */
    public static DenseRows of(float[][] values) {
        return new DenseRows(values, values.length == 0 ? 0 : values[0].length);
    }

    @Override
    public int rows() {
        return values.length;
    }

    @Override
    public DenseRows select(int[] rows) {
        float[][] chosen = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            chosen[i] = values[rows[i]];
        }
        return new DenseRows(chosen, columns);
    }

    /** The first so many columns. */
    public DenseRows firstColumns(int kept) {
        float[][] chosen = new float[values.length][];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = java.util.Arrays.copyOf(values[i], kept);
        }
        return new DenseRows(chosen, kept);
    }

    /** These rows and then those of {@code other}. */
    public DenseRows followedBy(DenseRows other) {
        if (other.columns != columns) {
            throw new IllegalArgumentException(columns + " columns followed by " + other.columns);
        }
        float[][] rows = java.util.Arrays.copyOf(values, values.length + other.values.length);
        System.arraycopy(other.values, 0, rows, values.length, other.values.length);
        return new DenseRows(rows, columns);
    }

    /** These columns and then those of {@code other}. */
    public DenseRows beside(DenseRows other) {
        if (other.rows() != rows()) {
            throw new IllegalArgumentException(rows() + " rows beside " + other.rows());
        }
        float[][] joined = new float[values.length][];
        for (int i = 0; i < joined.length; i++) {
            joined[i] = java.util.Arrays.copyOf(values[i], columns + other.columns);
            System.arraycopy(other.values[i], 0, joined[i], columns, other.columns);
        }
        return new DenseRows(joined, columns + other.columns);
    }

    @Override
    public void addProduct(int row, double[] weights, int k, double[] out, int at) {
        float[] features = values[row];
        int c = k > SparseRows.FEW ? k : 0;
        for (int j = 0; j < columns && c > 0; j++) {
            for (int i = 0; i < k; i++) {
                out[at + i] += features[j] * weights[j * k + i];
            }
        }
        // A few sums stay in registers, in the same order: the same bits, sooner.
        for (; c + 4 <= k; c += 4) {
            double s0 = out[at + c];
            double s1 = out[at + c + 1];
            double s2 = out[at + c + 2];
            double s3 = out[at + c + 3];
            for (int j = 0, base = c; j < columns; j++, base += k) {
                double value = features[j];
                s0 += value * weights[base];
                s1 += value * weights[base + 1];
                s2 += value * weights[base + 2];
                s3 += value * weights[base + 3];
            }
            out[at + c] = s0;
            out[at + c + 1] = s1;
            out[at + c + 2] = s2;
            out[at + c + 3] = s3;
        }
        for (; c < k; c++) {
            double sum = out[at + c];
            for (int j = 0; j < columns; j++) {
                sum += features[j] * weights[j * k + c];
            }
            out[at + c] = sum;
        }
    }

    @Override
    public void addTransposed(int first, int last, double[] coefficients, int k, double[] out) {
        for (int row = first; row < last; row++) {
            float[] features = values[row];
            for (int j = 0; j < columns; j++) {
                for (int c = 0; c < k; c++) {
                    out[j * k + c] += features[j] * coefficients[row * k + c];
                }
            }
        }
    }
}
