package org.celllm.data.features;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The genes that vary most, each centred, divided by its standard deviation and clipped: the usual input of principal
 * components. Fitted once on some cells, applied to any.
 *
 * @param genes [kept] columns of the log-normalised matrix, ascending
 * @param mean [kept]
 * @param deviation [kept] standard deviation, all above zero
 * @param clip scaled values are kept within ± this
 */
public record GeneScaling(int[] genes, double[] mean, double[] deviation, double clip) {
    /** How many genes principal components are usually taken of. */
    public static final int USUAL_GENES = 2000;

    /** Where scaled values are usually clipped. */
    public static final double USUAL_CLIP = 10;

    public GeneScaling {
        if (mean.length != genes.length || deviation.length != genes.length || !(clip > 0)) {
            throw new IllegalArgumentException("a mean and a deviation for each gene are needed");
        }
    }

    /**
     * Chooses the genes of greatest variance and measures them.
     *
     * @param expression log-normalised genes of all cells that may be looked at
     * @param most how many genes at most; genes without variance never count
     */
    public static GeneScaling fit(SparseRows expression, int most, double clip) {
        return fit(expression, null, most, clip);
    }

    /**
     * Chooses the genes of greatest score and measures them.
     *
     * @param expression log-normalised genes of all cells that may be looked at
     * @param score [genes]; {@code null} for the variance of the expression
     * @param most how many genes at most; genes without variance never count
     */
    public static GeneScaling fit(SparseRows expression, double @Nullable [] score, int most, double clip) {
        int columns = expression.columns();
        int rows = expression.rows();
        double[] sum = new double[columns];
        double[] squares = new double[columns];
        for (int i = 0; i < expression.offsets()[rows]; i++) {
            int gene = expression.indices()[i];
            double value = expression.values()[i];
            sum[gene] += value;
            squares[gene] += value * value;
        }
        double[] variance = new double[columns];
        for (int gene = 0; gene < columns; gene++) {
            double mean = sum[gene] / rows;
            variance[gene] = rows < 2 ? 0 : Math.max(0, squares[gene] - rows * mean * mean) / (rows - 1);
        }
        double[] by = score == null ? variance : score;
        int[] kept = IntStream.range(0, columns)
                .filter(gene -> variance[gene] > 1e-12)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer gene) -> -by[gene]))
                .limit(most)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        double[] mean =
                Arrays.stream(kept).mapToDouble(gene -> sum[gene] / rows).toArray();
        double[] deviation = Arrays.stream(kept)
                .mapToDouble(gene -> Math.sqrt(variance[gene]))
                .toArray();
        return new GeneScaling(kept, mean, deviation, clip);
    }

    /**
     * Scales cells.
     *
     * @param expression log-normalised genes, with the columns this was fitted on
     * @return [rows, kept]
     */
    public ShiftedRows apply(SparseRows expression) {
        SparseRows chosen = expression.columnsOf(genes);
        double[] shift = new double[genes.length];
        for (int j = 0; j < shift.length; j++) {
            shift[j] = clipped(-mean[j] / deviation[j]);
        }
        float[] values = new float[chosen.values().length];
        for (int i = 0; i < values.length; i++) {
            int j = chosen.indices()[i];
            values[i] = (float) (clipped((chosen.values()[i] - mean[j]) / deviation[j]) - shift[j]);
        }
        return new ShiftedRows(new SparseRows(genes.length, chosen.offsets(), chosen.indices(), values), shift);
    }

    private double clipped(double value) {
        return Math.max(-clip, Math.min(clip, value));
    }
}
