package org.celllm.data.features;

import org.celllm.data.random.KeyedRandom;

/**
 * Principal components by randomised subspace iteration (Halko, Martinsson and Tropp, SIAM Review 2011): exact to the
 * eye, because iterations go on until the variances stand still. Components are in order of variance; the sign of each
 * makes its largest loading positive, so that a run can be repeated on another machine.
 *
 * @param scaling the genes and their scaling
 * @param loadings [genes, components] orthonormal columns
 * @param components how many
 * @param centre [components] mean score of the cells it was fitted on, subtracted from every score
 * @param variance [components] of the scores of the cells it was fitted on
 */
public record PrincipalComponents(
        GeneScaling scaling, double[] loadings, int components, double[] centre, double[] variance) {
    private static final int OVERSAMPLING = 14;
    private static final int MOST_ITERATIONS = 20;
    private static final double STANDS_STILL = 2e-3;
    private static final long PURPOSE = 0x9CA;

    public PrincipalComponents {
        if (loadings.length != scaling.genes().length * components
                || centre.length != components
                || variance.length != components) {
            throw new IllegalArgumentException("loadings do not fit " + components + " components");
        }
    }

    /**
     * Fits the components of the 2,000 most variable genes, scaled and clipped at ±10.
     *
     * @param expression log-normalised genes of all cells that may be looked at
     * @param components how many are wanted; fewer come back when cells or genes are fewer
     * @param seed of the random start
     */
    public static PrincipalComponents fit(SparseRows expression, int components, long seed) {
        return fit(
                GeneScaling.fit(expression, GeneScaling.USUAL_GENES, GeneScaling.USUAL_CLIP),
                expression,
                components,
                seed);
    }

    /** As {@link #fit(SparseRows, int, long)}, with genes and scaling of one's own. */
    public static PrincipalComponents fit(GeneScaling scaling, SparseRows expression, int components, long seed) {
        ShiftedRows rows = centred(scaling.apply(expression));
        int columns = rows.columns();
        int smaller = Math.min(columns, rows.rows());
        int kept = Math.max(1, Math.min(components, smaller - 1));
        int k = Math.min(smaller, kept + OVERSAMPLING);
        KeyedRandom random = KeyedRandom.of(seed, PURPOSE);
        double[] basis = new double[columns * k];
        for (int i = 0; i < basis.length; i++) {
            basis[i] = random.nextGaussian();
        }
        Orthonormal.columns(basis, columns, k);
        double[] before = new double[k];
        for (int iteration = 0; ; iteration++) {
            // Rayleigh and Ritz: the covariance seen in the subspace gives the best components within it.
            double[] scores = rows.multiply(basis, k);
            double[] image = rows.multiplyTransposed(scores, k);
            SymmetricEigen eigen = SymmetricEigen.of(transposedProduct(basis, image, columns, k), k);
            boolean still = true;
            for (int c = 0; c < kept; c++) {
                still &= Math.abs(eigen.values()[c] - before[c]) <= STANDS_STILL * eigen.values()[c];
            }
            before = eigen.values();
            if (still || iteration == MOST_ITERATIONS) {
                return result(scaling, expression, rotated(basis, eigen.vectors(), columns, k, kept), kept);
            }
            basis = image;
            Orthonormal.columns(basis, columns, k);
        }
    }

    /**
     * Scores of cells.
     *
     * @param expression log-normalised genes, with the columns this was fitted on
     * @return [rows, components]
     */
    public DenseRows apply(SparseRows expression) {
        double[] scores = scaling.apply(expression).multiply(loadings, components);
        float[][] values = new float[expression.rows()][components];
        for (int row = 0; row < values.length; row++) {
            for (int c = 0; c < components; c++) {
                values[row][c] = (float) (scores[row * components + c] - centre[c]);
            }
        }
        return new DenseRows(values, components);
    }

    private static PrincipalComponents result(GeneScaling scaling, SparseRows expression, double[] loadings, int kept) {
        int columns = scaling.genes().length;
        for (int c = 0; c < kept; c++) {
            double largest = 0;
            for (int j = 0; j < columns; j++) {
                double loading = loadings[j * kept + c];
                largest = Math.abs(loading) > Math.abs(largest) ? loading : largest;
            }
            for (int j = 0; j < columns && largest < 0; j++) {
                loadings[j * kept + c] = -loadings[j * kept + c];
            }
        }
        int rows = expression.rows();
        double[] scores = scaling.apply(expression).multiply(loadings, kept);
        double[] centre = new double[kept];
        double[] variance = new double[kept];
        for (int i = 0; i < scores.length; i++) {
            centre[i % kept] += scores[i] / rows;
        }
        for (int i = 0; i < scores.length; i++) {
            double away = scores[i] - centre[i % kept];
            variance[i % kept] += away * away / Math.max(1, rows - 1);
        }
        return new PrincipalComponents(scaling, loadings, kept, centre, variance);
    }

    /** Clipping moves the mean a little away from zero; components want it there. */
    private static ShiftedRows centred(ShiftedRows rows) {
        double[] ones = new double[rows.rows()];
        java.util.Arrays.fill(ones, 1.0 / rows.rows());
        double[] mean = rows.multiplyTransposed(ones, 1);
        double[] shift = rows.shift().clone();
        for (int j = 0; j < shift.length; j++) {
            shift[j] -= mean[j];
        }
        return new ShiftedRows(rows.sparse(), shift);
    }

    private static double[] transposedProduct(double[] a, double[] b, int rows, int k) {
        double[] product = new double[k * k];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < k; i++) {
                double left = a[row * k + i];
                for (int j = 0; j < k; j++) {
                    product[i * k + j] += left * b[row * k + j];
                }
            }
        }
        return product;
    }

    private static double[] rotated(double[] basis, double[] vectors, int rows, int k, int kept) {
        double[] out = new double[rows * kept];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < k; i++) {
                double value = basis[row * k + i];
                for (int c = 0; c < kept; c++) {
                    out[row * kept + c] += value * vectors[i * k + c];
                }
            }
        }
        return out;
    }
}
