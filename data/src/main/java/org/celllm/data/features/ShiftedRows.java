package org.celllm.data.features;

/**
 * Sparse rows plus one constant row: what centring makes of sparse features, without storing their zeros.
 *
 * @param sparse the part that differs from the constant
 * @param shift [columns] what every row starts from
 */
public record ShiftedRows(SparseRows sparse, double[] shift) implements FeatureRows {
    public ShiftedRows {
        if (shift.length != sparse.columns()) {
            throw new IllegalArgumentException("a shift for each of " + sparse.columns() + " columns is needed");
        }
    }

    @Override
    public int rows() {
        return sparse.rows();
    }

    @Override
    public int columns() {
        return sparse.columns();
    }

    @Override
    public ShiftedRows select(int[] rows) {
        return new ShiftedRows(sparse.select(rows), shift);
    }

    @Override
    public void addProduct(int row, double[] weights, int k, double[] out, int at) {
        sparse.addProduct(row, weights, k, out, at);
        addShift(weights, k, out, at);
    }

    @Override
    public void addTransposed(int first, int last, double[] coefficients, int k, double[] out) {
        sparse.addTransposed(first, last, coefficients, k, out);
        double[] sums = new double[k];
        for (int row = first; row < last; row++) {
            for (int c = 0; c < k; c++) {
                sums[c] += coefficients[row * k + c];
            }
        }
        for (int column = 0; column < shift.length; column++) {
            for (int c = 0; c < k; c++) {
                out[column * k + c] += shift[column] * sums[c];
            }
        }
    }

    /** The constant row's product is the same for every row, so it is computed once. */
    @Override
    public double[] multiply(double[] weights, int k) {
        double[] constant = new double[k];
        addShift(weights, k, constant, 0);
        double[] out = sparse.multiply(weights, k);
        for (int i = 0; i < out.length; i++) {
            out[i] += constant[i % k];
        }
        return out;
    }

    private void addShift(double[] weights, int k, double[] out, int at) {
        for (int column = 0; column < shift.length; column++) {
            for (int c = 0; c < k; c++) {
                out[at + c] += shift[column] * weights[column * k + c];
            }
        }
    }
}
