package org.celllm.data.cells;

import org.celllm.data.tokens.ValueState;

/**
 * Cells over a gene vocabulary, laid end to end: what a corpus, a file or an array gives to the model, before views
 * are taken and tokens made. Genes ascend within a cell; values are greater than zero unless scaled.
 *
 * <p>Compact on purpose (6 bytes a value): a batch of 65,536 cells has to fit beside the step.
 *
 * @param cells how many
 * @param offsets [cells + 1] cell {@code i} is {@code offsets[i] … offsets[i + 1] − 1}
 * @param genes [offsets[cells]] index into the vocabulary, at most 65,533
 * @param values [offsets[cells]] in the cell's {@code states}
 * @param totals [cells] sum of the cell's values in linear units (logarithms undone) over <em>all</em> genes of its file, before
 *     genes were mapped
 * @param states [cells] state of each cell's values
 * @param disease [cells] {@link Disease} codes
 * @param label [cells] number of the cell's label (its cell type, say) in its corpus, 0 for unknown
 * @param source [cells] index of the source the cell came from, 0 where there is only one
 * @param rows [cells] the cell's number: its place in the corpus, or its row in the file
 */
public record CellBatch(
        int cells,
        int[] offsets,
        char[] genes,
        float[] values,
        double[] totals,
        ValueState[] states,
        byte[] disease,
        int[] label,
        int[] source,
        long[] rows) {
    public CellBatch {
        if (offsets.length != cells + 1 || offsets[0] != 0 || offsets[cells] > genes.length) {
            throw new IllegalArgumentException("offsets do not describe " + cells + " cells");
        }
        if (values.length != genes.length
                || totals.length != cells
                || states.length != cells
                || disease.length != cells
                || label.length != cells
                || source.length != cells
                || rows.length != cells) {
            throw new IllegalArgumentException("columns of a batch differ in length");
        }
    }

    /** Expressed genes of a cell. */
    public int length(int cell) {
        return offsets[cell + 1] - offsets[cell];
    }
}
