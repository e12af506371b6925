package org.celllm.data.features;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.celllm.data.tokens.ExpressionTokens;

/**
 * How much more a gene's counts vary than those of genes that are as common (Stuart et al., Cell 2019, "standardised variance", the
 * choice of genes of Seurat 3): the variance expected of a mean is read off a parabola through the logarithms of all genes' means and
 * variances, counts are divided by its root and cut at √cells, and what is left of the variance is the score. Genes of a type of cell
 * stand out by it however low they are; by the variance of logarithms, common genes do. The parabola is fitted to all genes at once,
 * where the published method fits one at every mean.
 *
 * <p>It is meant for molecules that were counted. Where reads were, amplification makes the counts of rare genes vary most, and the
 * score picks those ({@link #molecules}).
 *
 * @param scores [genes] zero for genes whose counts are all the same
 * @param dispersion variance over mean of the median gene: 1 to 2 where molecules are counted, hundreds where reads are
 */
public record StandardisedVariance(double[] scores, double dispersion) {
    /** Between what was seen of molecules, at most 1.8, and of reads, 877 ({@code docs/experiments.md}). */
    private static final double MOST_OF_MOLECULES = 10;

    /** Whether the counts are of molecules rather than of reads. */
    public boolean molecules() {
        return dispersion <= MOST_OF_MOLECULES;
    }

    /**
     * Scores genes.
     *
     * @param expression [cells, genes] log1p of counts per 10,000
     * @param totals [cells] counts of each, over all genes of its file
     */
    public static StandardisedVariance of(SparseRows expression, double[] totals) {
        int cells = expression.rows();
        int genes = expression.columns();
        if (totals.length != cells) {
            throw new IllegalArgumentException(totals.length + " totals of " + cells + " cells");
        }
        double[] sum = new double[genes];
        double[] squares = new double[genes];
        for (int cell = 0; cell < cells; cell++) {
            for (int i = expression.offsets()[cell]; i < expression.offsets()[cell + 1]; i++) {
                double count = count(expression.values()[i], totals[cell]);
                sum[expression.indices()[i]] += count;
                squares[expression.indices()[i]] += count * count;
            }
        }
        double[] variance = new double[genes];
        for (int gene = 0; gene < genes; gene++) {
            double mean = sum[gene] / cells;
            variance[gene] = cells < 2 ? 0 : Math.max(0, squares[gene] - cells * mean * mean) / (cells - 1);
        }
        double[] dispersions = IntStream.range(0, genes)
                .filter(gene -> variance[gene] > 0)
                .mapToDouble(gene -> variance[gene] * cells / sum[gene])
                .sorted()
                .toArray();
        return new StandardisedVariance(
                scores(expression, totals, sum, variance),
                dispersions.length == 0 ? 0 : dispersions[dispersions.length / 2]);
    }

    private static double[] scores(SparseRows expression, double[] totals, double[] sum, double[] variance) {
        int cells = totals.length;
        double[] deviation = expectedDeviations(sum, variance, cells);
        double most = Math.sqrt(cells);
        // Counts of zero are not stored: they are what is left when those that are there have been taken from all.
        double[] score = new double[sum.length];
        int[] zeros = new int[sum.length];
        Arrays.fill(zeros, cells);
        for (int cell = 0; cell < cells; cell++) {
            for (int i = expression.offsets()[cell]; i < expression.offsets()[cell + 1]; i++) {
                int gene = expression.indices()[i];
                double away = (count(expression.values()[i], totals[cell]) - sum[gene] / cells) / deviation[gene];
                double cut = Math.min(most, away);
                score[gene] += cut * cut;
                zeros[gene]--;
            }
        }
        for (int gene = 0; gene < score.length; gene++) {
            double away = sum[gene] / cells / deviation[gene];
            score[gene] = variance[gene] > 0 ? (score[gene] + zeros[gene] * away * away) / Math.max(1, cells - 1) : 0;
        }
        return score;
    }

    /** The root of the variance that the parabola gives each gene; 1 for genes that have none. */
    private static double[] expectedDeviations(double[] sum, double[] variance, int cells) {
        int[] varying = IntStream.range(0, sum.length)
                .filter(gene -> variance[gene] > 0)
                .toArray();
        double[] x = Arrays.stream(varying)
                .mapToDouble(gene -> Math.log(sum[gene] / cells))
                .toArray();
        double[] y = Arrays.stream(varying)
                .mapToDouble(gene -> Math.log(variance[gene]))
                .toArray();
        Parabola parabola = Parabola.through(x, y);
        double[] deviation = new double[sum.length];
        Arrays.fill(deviation, 1);
        for (int i = 0; i < varying.length; i++) {
            deviation[varying[i]] = Math.exp(parabola.at(x[i]) / 2);
        }
        return deviation;
    }

    /**
     * Least squares by polynomials that are orthogonal over the points: 1, d = x − mean and d² − skew d − spread.
     *
     * @param factors of the three
     */
    private record Parabola(double mean, double skew, double spread, double[] factors) {
        static Parabola through(double[] x, double[] y) {
            double mean = Arrays.stream(x).average().orElse(0);
            double second = 0;
            double third = 0;
            for (double at : x) {
                double away = at - mean;
                second += away * away;
                third += away * away * away;
            }
            Parabola flat = new Parabola(
                    mean, second > 0 ? third / second : 0, x.length > 0 ? second / x.length : 0, new double[3]);
            double[] products = new double[3];
            double[] squares = new double[3];
            for (int i = 0; i < x.length; i++) {
                double[] terms = flat.terms(x[i]);
                for (int t = 0; t < terms.length; t++) {
                    products[t] += terms[t] * y[i];
                    squares[t] += terms[t] * terms[t];
                }
            }
            for (int t = 0; t < products.length; t++) {
                // Where all points have one or two places, rounding is all that is left of the higher terms.
                flat.factors[t] = squares[t] > 1e-12 * x.length ? products[t] / squares[t] : 0;
            }
            return flat;
        }

        double at(double x) {
            double[] terms = terms(x);
            return factors[0] + factors[1] * terms[1] + factors[2] * terms[2];
        }

        private double[] terms(double x) {
            double away = x - mean;
            return new double[] {1, away, away * away - skew * away - spread};
        }
    }

    /** The count that an expression was made of. */
    private static double count(float expression, double total) {
        return Math.rint(Math.expm1(expression) * total / ExpressionTokens.PER);
    }
}
