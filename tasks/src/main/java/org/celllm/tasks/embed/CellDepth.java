package org.celllm.tasks.embed;

import java.util.Arrays;
import org.celllm.data.cells.CellBatch;

/**
 * How deeply cells were measured.
 *
 * @param genes median number of genes, of those the model knows, that a cell expresses
 * @param total median of the cells' totals in linear units, over all genes of their file
 */
public record CellDepth(double genes, double total) {
    /** Collects cells: 12 bytes each. Not thread safe. */
    static final class Collected {
        private int[] genes = new int[1024];
        private double[] totals = new double[1024];
        private int cells;

        void add(CellBatch batch) {
            if (cells + batch.cells() > genes.length) {
                int size = Math.max(cells + batch.cells(), genes.length * 3 / 2);
                genes = Arrays.copyOf(genes, size);
                totals = Arrays.copyOf(totals, size);
            }
            for (int cell = 0; cell < batch.cells(); cell++) {
                genes[cells] = batch.length(cell);
                totals[cells++] = batch.totals()[cell];
            }
        }

        CellDepth median() {
            int[] sortedGenes = Arrays.copyOf(genes, cells);
            double[] sortedTotals = Arrays.copyOf(totals, cells);
            Arrays.sort(sortedGenes);
            Arrays.sort(sortedTotals);
            int low = (cells - 1) / 2;
            int high = cells / 2;
            return cells == 0
                    ? new CellDepth(0, 0)
                    : new CellDepth(
                            (sortedGenes[low] + sortedGenes[high]) / 2.0, (sortedTotals[low] + sortedTotals[high]) / 2);
        }
    }
}
