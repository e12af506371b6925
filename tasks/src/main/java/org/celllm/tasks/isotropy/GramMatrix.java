package org.celllm.tasks.isotropy;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/**
 * XᵀX of rows X and the sum of the rows: all that mean cosine and singular values need, in memory that does not depend
 * on the number of rows. The singular values of X are the roots of its eigenvalues.
 *
 * @param values [dim, dim] XᵀX
 * @param sum [dim] of the rows
 * @param rows how many
 */
record GramMatrix(double[] values, double[] sum, int rows) {
    private static final int TILE = 1024;

    /** XᵀX in float64, added up in tiles of rows. */
    static GramMatrix of(float[][] rows) {
        int dim = rows.length == 0 ? 0 : rows[0].length;
        double[] values = new double[Math.multiplyExact(dim, dim)];
        double[] sum = new double[dim];
        for (int from = 0; from < rows.length; from += TILE) {
            int to = Math.min(rows.length, from + TILE);
            float[] tile = Directions.flat(rows, from, to);
            for (int i = 0; i < tile.length; i++) {
                sum[i % dim] += tile[i];
            }
            Native.runWithoutGradient(() -> {
                Tensor x = TensorArrays.of(tile, tile.length / dim, dim).to(ScalarType.Double);
                double[] product = TensorArrays.doubles(torch.mm(x.t(), x));
                for (int i = 0; i < product.length; i++) {
                    values[i] += product[i];
                }
            });
        }
        return new GramMatrix(values, sum, rows.length);
    }

    /** (‖Σu‖² − Σ‖u‖²) / (N(N − 1)): of unit rows the mean cosine between different ones; NaN for fewer than two. */
    double meanCosine() {
        double square = 0;
        for (int i = 0; i < sum.length; i++) {
            square += sum[i] * sum[i] - values[i * sum.length + i];
        }
        return square / ((double) rows * (rows - 1));
    }

    /** The singular values of X. */
    Spectrum spectrum() {
        return spectrum(values, Math.min(rows, sum.length), noise());
    }

    /** The singular values of X less the mean row. */
    Spectrum centred() {
        int dim = sum.length;
        double[] centred = values.clone();
        for (int i = 0; i < centred.length; i++) {
            centred[i] -= sum[i / dim] * sum[i % dim] / rows;
        }
        return spectrum(centred, Math.max(0, Math.min(rows - 1, dim)), noise());
    }

    /**
     * Eigenvalues up to this are rounding of the rows, which are float32: singular values up to √dim · 2^−23 of the norm
     * of X. They stand for directions that the rows do not have, such as the one that a LayerNorm takes away.
     */
    private double noise() {
        double trace = 0;
        for (int i = 0; i < sum.length; i++) {
            trace += values[i * sum.length + i];
        }
        return sum.length * (double) Math.ulp(1f) * Math.ulp(1f) * trace;
    }

    private static Spectrum spectrum(double[] symmetric, int most, double noise) {
        if (most == 0) {
            return new Spectrum(new double[0]);
        }
        int dim = (int) Math.round(Math.sqrt(symmetric.length));
        double[][] ascending = new double[1][];
        Native.runWithoutGradient(
                () -> ascending[0] = TensorArrays.doubles(torch.linalg_eigvalsh(TensorArrays.of(symmetric, dim, dim))));
        double[] values = new double[most];
        Arrays.setAll(values, k -> {
            double eigenvalue = ascending[0][dim - 1 - k];
            return eigenvalue > noise ? Math.sqrt(eigenvalue) : 0;
        });
        return new Spectrum(values);
    }
}
