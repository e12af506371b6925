package org.celllm.tasks.response.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/** Products and symmetric systems of 64-bit matrices in rows, computed by libtorch. */
final class Matrices {
    private Matrices() {}

    /**
     * Solves A x = b for many b.
     *
     * @param a [n][n]
     * @param right [right sides][n]
     * @return [right sides][n]
     */
    static double[][] solve(double[][] a, double[][] right) {
        int n = a.length;
        int count = right.length;
        double[][] solved = new double[count][n];
        if (count == 0) {
            return solved;
        }
        Native.runWithoutGradient(() -> {
            Tensor factor = torch.linalg_cholesky(TensorArrays.of(flat(a), n, n));
            Tensor x =
                    torch.cholesky_solve(TensorArrays.of(flat(right), count, n).t(), factor);
            double[] flat = TensorArrays.doubles(x.t().contiguous());
            for (int i = 0; i < count; i++) {
                System.arraycopy(flat, i * n, solved[i], 0, n);
            }
        });
        return solved;
    }

    /**
     * A product of matrices in rows.
     *
     * @param left [n][k]
     * @param right [k][m]
     * @return [n][m]
     */
    static double[][] times(double[][] left, double[][] right) {
        int n = left.length;
        int m = right.length == 0 ? 0 : right[0].length;
        double[][] product = new double[n][m];
        if (n == 0 || m == 0) {
            return product;
        }
        Native.runWithoutGradient(() -> {
            Tensor result =
                    TensorArrays.of(flat(left), n, right.length).mm(TensorArrays.of(flat(right), right.length, m));
            double[] flat = TensorArrays.doubles(result);
            for (int i = 0; i < n; i++) {
                System.arraycopy(flat, i * m, product[i], 0, m);
            }
        });
        return product;
    }

    /** Rows one after the other. */
    static double[] flat(double[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        double[] flat = new double[Math.multiplyExact(rows.length, columns)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * columns, columns);
        }
        return flat;
    }
}
