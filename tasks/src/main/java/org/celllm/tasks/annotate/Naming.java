package org.celllm.tasks.annotate;

import org.celllm.tasks.baselines.Classifier;

/** Takes the likeliest class of a cell. */
final class Naming {
    private Naming() {}

    /**
     * A cell's likeliest class.
     *
     * @param code of the class, the first of several; −1 where the cell stays unassigned
     * @param probability of the likeliest class, also where the cell is unassigned
     */
    record Name(int code, float probability) {}

    /**
     * Names a cell.
     *
     * @param chances [classes]
     * @param threshold a cell whose likeliest class is less probable stays unassigned
     */
    static Name of(double[] chances, double threshold) {
        int likeliest = Classifier.likeliest(new double[][] {chances})[0];
        double chance = chances[likeliest];
        return new Name(chance < threshold ? -1 : likeliest, (float) chance);
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
