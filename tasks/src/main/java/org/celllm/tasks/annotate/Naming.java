package org.celllm.tasks.annotate;

import java.util.Arrays;
import org.celllm.data.cells.CellBatch;
import org.celllm.tasks.baselines.Classifier;

/** Takes the likeliest class of a cell. */
final class Naming {
    private Naming() {}

    /**
     * Names a cell: its likeliest class, the first of several, and its probability, also where the cell is unassigned.
     *
     * @param chances [classes]
     * @param threshold a cell whose likeliest class is less probable stays unassigned
     */
    static CellCalls.Call of(double[] chances, double threshold) {
        int likeliest = Classifier.likeliest(new double[][] {chances})[0];
        double chance = chances[likeliest];
        return new CellCalls.Call(chance < threshold || saysNothing(chances) ? -1 : likeliest, (float) chance);
    }

    /** Whether all classes are equally probable. */
    static boolean saysNothing(double[] chances) {
        return chances.length > 1 && Arrays.stream(chances).allMatch(chance -> chance == chances[0]);
    }

    /**
     * Makes all classes equally probable for cells that express none of the genes that are read: what a head believes of an empty
     * cell, it believes of no cell.
     *
     * @param chances [cells][classes]
     * @param paths the same cells over the genes of each path
     */
    static void level(double[][] chances, CellBatch... paths) {
        for (int i = 0; i < chances.length; i++) {
            int cell = i;
            if (Arrays.stream(paths).allMatch(batch -> batch.length(cell) == 0)) {
                Arrays.fill(chances[i], 1.0 / chances[i].length);
            }
        }
    }

    /** Replaces logarithms by what they are of. */
    static void exponentials(double[][] logs) {
        for (double[] cell : logs) {
            for (int c = 0; c < cell.length; c++) {
                cell[c] = Math.exp(cell[c]);
            }
        }
    }
}
