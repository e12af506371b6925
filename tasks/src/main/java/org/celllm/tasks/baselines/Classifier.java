package org.celllm.tasks.baselines;

import org.celllm.data.features.FeatureRows;

/** A fitted classifier. Immutable and thread safe. */
public interface Classifier {
    /** How many classes it knows. */
    int classes();

    /**
     * Logarithms of the classes' probabilities; −∞ for a class it was not shown.
     *
     * @param rows [cells, features] with the features it was fitted on
     * @return [cells][classes]
     */
    double[][] logProbabilities(FeatureRows rows);

    /** The likeliest class of each cell, the first of equals. */
    default int[] predict(FeatureRows rows) {
        return likeliest(logProbabilities(rows));
    }

    /**
     * The place of the largest number of each row, the first of equals.
     *
     * @param scores [cells][classes]
     */
    static int[] likeliest(double[][] scores) {
        int[] best = new int[scores.length];
        for (int i = 0; i < scores.length; i++) {
            for (int c = 1; c < scores[i].length; c++) {
                if (scores[i][c] > scores[i][best[i]]) {
                    best[i] = c;
                }
            }
        }
        return best;
    }
}
