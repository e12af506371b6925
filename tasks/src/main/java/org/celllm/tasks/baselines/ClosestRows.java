package org.celllm.tasks.baselines;

import java.util.Arrays;

/**
 * The rows nearest to a cell by Euclidean distance, found exactly; of rows that are equally far the first.
 *
 * @param rows their numbers, the nearest first
 * @param squaredDistances [rows]
 */
record ClosestRows(int[] rows, double[] squaredDistances) {
    /**
     * Searches.
     *
     * @param rows [rows][features]
     * @param cell [features]
     * @param k how many at most
     * @param except a row that does not count, such as the cell itself; −1 for none
     */
    static ClosestRows of(float[][] rows, float[] cell, int k, int except) {
        int most = Math.max(0, Math.min(k, rows.length - (except >= 0 ? 1 : 0)));
        int[] who = new int[most];
        double[] away = new double[most];
        int found = 0;
        for (int row = 0; row < rows.length && most > 0; row++) {
            double squared = row == except ? Double.POSITIVE_INFINITY : squaredDistance(cell, rows[row]);
            if (row == except || (found == most && squared >= away[most - 1])) {
                continue;
            }
            int at = found < most ? found++ : most - 1;
            while (at > 0 && away[at - 1] > squared) {
                away[at] = away[at - 1];
                who[at] = who[at - 1];
                at--;
            }
            away[at] = squared;
            who[at] = row;
        }
        return new ClosestRows(who, away);
    }

    /** Fewer of them. */
    int[] first(int count) {
        return Arrays.copyOf(rows, Math.min(count, rows.length));
    }

    static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double away = a[i] - b[i];
            sum += away * away;
        }
        return sum;
    }
}
