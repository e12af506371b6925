package org.celllm.data.features;

import java.util.Arrays;
import org.celllm.data.random.KeyedRandom;

/** Random features for tests. */
public final class RandomFeatures {
    private RandomFeatures() {}

    /** Sparse rows of positive numbers; about {@code density} of them are stored. */
    public static SparseRows sparse(KeyedRandom random, int rows, int columns, double density) {
        int[] offsets = new int[rows + 1];
        int[] indices = new int[rows * columns];
        float[] values = new float[rows * columns];
        int at = 0;
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                if (random.nextDouble() < density) {
                    indices[at] = column;
                    values[at++] = (float) (3 * random.nextDouble());
                }
            }
            offsets[row + 1] = at;
        }
        return new SparseRows(columns, offsets, Arrays.copyOf(indices, at), Arrays.copyOf(values, at));
    }

    /** Every value of a matrix, found by multiplying with the identity. */
    public static double[][] dense(FeatureRows rows) {
        int columns = rows.columns();
        double[] identity = new double[columns * columns];
        for (int i = 0; i < columns; i++) {
            identity[i * columns + i] = 1;
        }
        double[] product = rows.multiply(identity, columns);
        double[][] dense = new double[rows.rows()][];
        for (int i = 0; i < dense.length; i++) {
            dense[i] = Arrays.copyOfRange(product, i * columns, (i + 1) * columns);
        }
        return dense;
    }

    /** Dense rows of normal numbers. */
    public static DenseRows gaussian(KeyedRandom random, int rows, int columns) {
        float[][] values = new float[rows][columns];
        for (float[] row : values) {
            for (int j = 0; j < columns; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return new DenseRows(values, columns);
    }
}
