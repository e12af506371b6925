package org.celllm.tasks.annotate;

import org.celllm.tasks.baselines.Classifier;

/** Collects the likeliest classes of cells, batch after batch. */
final class Naming {
    private final int[] codes;
    private final float[] probabilities;
    private final double threshold;
    private int at;

    /** @param threshold cells whose likeliest class is less probable stay unassigned */
    Naming(int cells, double threshold) {
        this.codes = new int[cells];
        this.probabilities = new float[cells];
        this.threshold = threshold;
    }

    /** @param chances [cells][classes] of the next cells */
    void add(double[][] chances) {
        int[] likeliest = Classifier.likeliest(chances);
        for (int i = 0; i < chances.length; i++) {
            double chance = chances[i][likeliest[i]];
            probabilities[at] = (float) chance;
            codes[at++] = chance < threshold ? -1 : likeliest[i];
        }
    }

    /** [cells] classes, −1 where unassigned. */
    int[] codes() {
        return codes;
    }

    /** [cells] probabilities of the likeliest class. */
    float[] probabilities() {
        return probabilities;
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
