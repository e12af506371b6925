package org.celllm.tasks.finetune;

import org.celllm.data.random.KeyedRandom;
import org.celllm.network.CellSequences;

/**
 * Cells of a step, of which some genes are left out: as dropout keeps a network from leaning on a few of its units, this keeps a
 * classifier from leaning on a few genes, and a step has less to compute. Which are left out is a pure function of the step's key
 * and of each cell's number.
 *
 * @param cells with the genes that stay
 * @param rows [positions and rows of padding] where they stand among the rows of the whole cells
 * @param factors [cells] whole length over what stays, by which what is summed over genes falls short
 */
record ThinnedCells(CellSequences cells, long[] rows, float[] factors) {
    /**
     * Leaves genes out; every cell that has one keeps one.
     *
     * @param numbers of the cells
     * @param hide share that is left out, on average
     * @param key of the step
     * @param paddingRows rows of padding a cell, which stand behind all positions: 0 or 1
     */
    static ThinnedCells of(CellSequences whole, int[] numbers, double hide, long key, int paddingRows) {
        boolean[] kept = new boolean[whole.genes().length];
        for (int cell = 0; cell < whole.cells(); cell++) {
            long own = KeyedRandom.key(key, numbers[cell]);
            int best = -1;
            boolean any = false;
            for (int i = 0; i < whole.length(cell); i++) {
                int at = whole.offsets()[cell] + i;
                kept[at] = KeyedRandom.uniform(own, i) >= hide;
                any |= kept[at];
                if (best < 0 || KeyedRandom.uniform(own, i) > KeyedRandom.uniform(own, best)) {
                    best = i;
                }
            }
            if (!any && best >= 0) {
                kept[whole.offsets()[cell] + best] = true;
            }
        }
        CellSequences cells = whole.keep(kept);
        long[] rows = new long[cells.positions() + cells.cells() * paddingRows];
        float[] factors = new float[cells.cells()];
        int n = 0;
        for (int cell = 0; cell < whole.cells(); cell++) {
            rows[n++] = whole.clsRow(cell);
            for (int i = 0; i < whole.length(cell); i++) {
                if (kept[whole.offsets()[cell] + i]) {
                    rows[n++] = whole.clsRow(cell) + 1L + i;
                }
            }
            factors[cell] = whole.length(cell) == 0 ? 1 : (float) whole.length(cell) / cells.length(cell);
        }
        for (int i = 0; n < rows.length; i++) {
            rows[n++] = whole.positions() + (long) i;
        }
        return new ThinnedCells(cells, rows, factors);
    }
}
