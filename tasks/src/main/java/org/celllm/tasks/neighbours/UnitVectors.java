package org.celllm.tasks.neighbours;

/**
 * Vectors of length one, so that a dot product is a cosine. A vector of zeros, which has no direction, stays as it is and
 * is at right angles to all.
 *
 * @param rows [vectors][dim]
 * @param dim their width
 */
public record UnitVectors(float[][] rows, int dim) {
    public UnitVectors {
        for (float[] row : rows) {
            if (row.length != dim) {
                throw new IllegalArgumentException("a vector has " + row.length + " of " + dim + " numbers");
            }
        }
    }

    /** Scaled copies of vectors of any length. */
    public static UnitVectors of(float[][] vectors, int dim) {
        float[][] rows = new float[vectors.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = scaled(vectors[i]);
        }
        return new UnitVectors(rows, dim);
    }

    /** How many. */
    public int size() {
        return rows.length;
    }

    /** A scaled copy of one vector. */
    static float[] scaled(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
        float[] row = new float[vector.length];
        for (int j = 0; j < row.length; j++) {
            row[j] = (float) (vector[j] * factor);
        }
        return row;
    }

    /** The cosine of a vector and another one of length one. */
    double cosine(int i, float[] other) {
        float[] row = rows[i];
        double sum = 0;
        for (int j = 0; j < dim; j++) {
            sum += (double) row[j] * other[j];
        }
        return sum;
    }
}
