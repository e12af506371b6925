package org.celllm.data.features;

/** Makes the columns of a tall matrix orthonormal, by modified Gram and Schmidt done twice ("twice is enough"). */
final class Orthonormal {
    private Orthonormal() {}

    /**
     * In place. A column that depends on earlier ones becomes zero.
     *
     * @param matrix [rows, k]
     */
    static void columns(double[] matrix, int rows, int k) {
        // Column by column in memory of its own: strided access would cost more than the copy.
        double[][] columns = new double[k][rows];
        for (int row = 0; row < rows; row++) {
            for (int c = 0; c < k; c++) {
                columns[c][row] = matrix[row * k + c];
            }
        }
        for (int c = 0; c < k; c++) {
            double before = norm(columns[c]);
            for (int pass = 0; pass < 2; pass++) {
                for (int earlier = 0; earlier < c; earlier++) {
                    subtract(columns[c], columns[earlier]);
                }
            }
            double norm = norm(columns[c]);
            double factor = norm > 1e-12 * before && norm > 0 ? 1 / norm : 0;
            for (int row = 0; row < rows; row++) {
                columns[c][row] *= factor;
            }
        }
        for (int row = 0; row < rows; row++) {
            for (int c = 0; c < k; c++) {
                matrix[row * k + c] = columns[c][row];
            }
        }
    }

    private static void subtract(double[] column, double[] direction) {
        double along = 0;
        for (int i = 0; i < column.length; i++) {
            along += column[i] * direction[i];
        }
        for (int i = 0; i < column.length; i++) {
            column[i] -= along * direction[i];
        }
    }

    private static double norm(double[] column) {
        double squares = 0;
        for (double value : column) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }
}
