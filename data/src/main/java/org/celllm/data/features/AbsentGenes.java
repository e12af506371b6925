package org.celllm.data.features;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * What a file does not measure, filled in. Read as not expressed, absent genes move a cell's principal components far from where it
 * belongs; here they get what the measured ones let expect: with X = T·Wᵀ for components W of the cells that were learned from, the scores
 * T are those that explain the measured genes best (least squares with a small penalty), and the absent genes are T·Wᵀ: projection to the
 * model plane (Nelson, Taylor and MacGregor, <i>Missing data methods in PCA and PLS: score calculations with incomplete observations</i>,
 * Chemometrics and Intelligent Laboratory Systems 1996). Of the genes that components are taken of, that is: the others vary little and stay at zero.
 */
public final class AbsentGenes {
    /**
     * Added to the share of each component's square that the measured genes hold, which is 1 where none is absent: a component that they hardly
     * see is left at its mean.
     */
    private static final double PENALTY = 0.02;

    /** More components follow the noise of the measured genes. */
    private static final int COMPONENTS = 15;

    private AbsentGenes() {}

    /**
     * Fills in.
     *
     * @param expression log-normalised genes, with the columns that the components were fitted on
     * @param measured which columns the file has
     * @param components of the cells that were learned from
     * @return the very rows where nothing is absent
     */
    public static SparseRows fill(SparseRows expression, BitSet measured, PrincipalComponents components) {
        GeneScaling scaling = components.scaling();
        int[] absent = IntStream.range(0, scaling.genes().length)
                .filter(j -> !measured.get(scaling.genes()[j]))
                .toArray();
        if (absent.length == 0) {
            return expression;
        }
        int k = Math.min(COMPONENTS, components.components());
        double[] loadings = first(components, k);
        double[] seen = loadings.clone();
        for (int j : absent) {
            Arrays.fill(seen, j * k, (j + 1) * k, 0);
        }
        double[] inverse = inverse(seen, k);
        // Where genes are absent the scaled rows are their shift, which the zero loadings leave out.
        double[] projected = scaling.apply(expression).multiply(seen, k);
        // Values below zero are z-scores, of which absent genes may have such too.
        double least = isSigned(expression) ? Double.NEGATIVE_INFINITY : 0;
        float[][] expected = new float[expression.rows()][];
        IntStream.range(0, expected.length).parallel().forEach(row -> {
            double[] scores = new double[k];
            for (int c = 0; c < k; c++) {
                for (int d = 0; d < k; d++) {
                    scores[c] += inverse[c * k + d] * projected[row * k + d];
                }
            }
            expected[row] = expected(scaling, absent, loadings, scores, least);
        });
        return merged(expression, scaling, absent, expected);
    }

    private static boolean isSigned(SparseRows rows) {
        for (int i = 0; i < rows.offsets()[rows.rows()]; i++) {
            if (rows.values()[i] < 0) {
                return true;
            }
        }
        return false;
    }

    /** What the absent genes are expected to be, not below {@code least}. */
    private static float[] expected(
            GeneScaling scaling, int[] absent, double[] loadings, double[] scores, double least) {
        int k = scores.length;
        float[] values = new float[absent.length];
        for (int i = 0; i < values.length; i++) {
            int j = absent[i];
            double scaled = 0;
            for (int c = 0; c < k; c++) {
                scaled += loadings[j * k + c] * scores[c];
            }
            scaled = Math.max(-scaling.clip(), Math.min(scaling.clip(), scaled));
            values[i] = (float) Math.max(least, scaling.mean()[j] + scaling.deviation()[j] * scaled);
        }
        return values;
    }

    /** The first columns of the loadings. */
    private static double[] first(PrincipalComponents components, int k) {
        int all = components.components();
        double[] loadings = new double[components.scaling().genes().length * k];
        for (int i = 0; i < loadings.length; i++) {
            loadings[i] = components.loadings()[i / k * all + i % k];
        }
        return loadings;
    }

    /** (WᵀW + penalty)⁻¹ of the measured genes' loadings. */
    private static double[] inverse(double[] seen, int k) {
        double[] square = new double[k * k];
        for (int from = 0; from < seen.length; from += k) {
            for (int c = 0; c < k; c++) {
                for (int d = 0; d < k; d++) {
                    square[c * k + d] += seen[from + c] * seen[from + d];
                }
            }
        }
        SymmetricEigen eigen = SymmetricEigen.of(square, k);
        double[] inverse = new double[k * k];
        for (int c = 0; c < k; c++) {
            for (int d = 0; d < k; d++) {
                for (int e = 0; e < k; e++) {
                    inverse[c * k + d] += eigen.vectors()[c * k + e]
                            * eigen.vectors()[d * k + e]
                            / (Math.max(0, eigen.values()[e]) + PENALTY);
                }
            }
        }
        return inverse;
    }

    private static SparseRows merged(SparseRows rows, GeneScaling scaling, int[] absent, float[][] expected) {
        int[] offsets = new int[rows.rows() + 1];
        for (int row = 0; row < rows.rows(); row++) {
            int more = 0;
            for (float value : expected[row]) {
                more += value != 0 ? 1 : 0;
            }
            offsets[row + 1] = Math.addExact(offsets[row], rows.offsets()[row + 1] - rows.offsets()[row] + more);
        }
        int[] indices = new int[offsets[rows.rows()]];
        float[] values = new float[indices.length];
        for (int row = 0; row < rows.rows(); row++) {
            int at = offsets[row];
            int i = rows.offsets()[row];
            int end = rows.offsets()[row + 1];
            for (int a = 0; a <= absent.length; a++) {
                int gene = a < absent.length ? scaling.genes()[absent[a]] : rows.columns();
                for (; i < end && rows.indices()[i] < gene; i++) {
                    indices[at] = rows.indices()[i];
                    values[at++] = rows.values()[i];
                }
                if (i < end && rows.indices()[i] == gene) {
                    throw new IllegalArgumentException("gene " + gene + " is expressed, so it was measured");
                }
                if (a < absent.length && expected[row][a] != 0) {
                    indices[at] = gene;
                    values[at++] = expected[row][a];
                }
            }
        }
        return new SparseRows(rows.columns(), offsets, indices, values);
    }
}
