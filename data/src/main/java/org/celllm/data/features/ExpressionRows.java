package org.celllm.data.features;

import java.util.Arrays;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.tokens.ExpressionTokens;
import org.celllm.data.tokens.ValueState;

/**
 * Collects cells as log-normalised expression: log1p of counts per 10k where the values are counts, the values
 * themselves where they are logarithms already. Takes 8 bytes a value; not thread safe.
 */
public final class ExpressionRows {
    private final int genes;
    private int[] offsets = new int[1025];
    private int[] indices = new int[1 << 16];
    private float[] values = new float[1 << 16];
    private double[] totals = new double[1024];
    private boolean counts = true;
    private int cells;

    /**
     * @param genes size of the vocabulary that the cells are over
     */
    public ExpressionRows(int genes) {
        this.genes = genes;
    }

    /** All cells of a batch at once. */
    public static SparseRows of(CellBatch batch, int genes) {
        ExpressionRows rows = new ExpressionRows(genes);
        rows.add(batch);
        return rows.build();
    }

    /** Adds the cells of a batch. */
    public void add(CellBatch batch) {
        int length = offsets[cells];
        int needed = Math.addExact(length, batch.offsets()[batch.cells()]);
        if (needed > indices.length) {
            int size = (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, indices.length * 3L / 2));
            indices = Arrays.copyOf(indices, size);
            values = Arrays.copyOf(values, size);
        }
        if (cells + batch.cells() >= offsets.length) {
            offsets = Arrays.copyOf(offsets, Math.max(cells + batch.cells() + 1, offsets.length * 3 / 2));
            totals = Arrays.copyOf(totals, offsets.length);
        }
        for (int cell = 0; cell < batch.cells(); cell++) {
            for (int i = batch.offsets()[cell]; i < batch.offsets()[cell + 1]; i++) {
                indices[length] = batch.genes()[i];
                values[length++] =
                        ExpressionTokens.expression(batch.values()[i], batch.totals()[cell], batch.states()[cell]);
            }
            totals[cells] = batch.totals()[cell];
            counts &= batch.states()[cell] == ValueState.COUNTS;
            offsets[++cells] = length;
        }
    }

    /** Cells so far. */
    public int cells() {
        return cells;
    }

    /**
     * The genes that principal components are taken of and how they are scaled: by {@link StandardisedVariance} where all values are
     * counts of molecules, else by the variance of the expression.
     *
     * @param rows as built
     */
    public GeneScaling scaling(SparseRows rows) {
        double[] score = null;
        if (counts) {
            StandardisedVariance variance = StandardisedVariance.of(rows, Arrays.copyOf(totals, cells));
            score = variance.molecules() ? variance.scores() : null;
        }
        return GeneScaling.fit(rows, score, GeneScaling.USUAL_GENES, GeneScaling.USUAL_CLIP);
    }

    /** The rows. */
    public SparseRows build() {
        return new SparseRows(
                genes,
                Arrays.copyOf(offsets, cells + 1),
                Arrays.copyOf(indices, offsets[cells]),
                Arrays.copyOf(values, offsets[cells]));
    }
}
