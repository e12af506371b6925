package org.celllm.tasks.neighbours;

/** The best few of many scored rows, the best first; of equal scores the lower row is better. Not thread safe. */
final class ShortList {
    private final int[] rows;
    private final double[] scores;
    private int size;

    ShortList(int most) {
        rows = new int[most];
        scores = new double[most];
    }

    /** A score that the next row has to reach. */
    double least() {
        return size < rows.length ? Double.NEGATIVE_INFINITY : scores[size - 1];
    }

    void offer(int row, double score) {
        if (size == rows.length && !before(row, score, size - 1)) {
            return;
        }
        int at = size < rows.length ? size++ : size - 1;
        while (at > 0 && before(row, score, at - 1)) {
            rows[at] = rows[at - 1];
            scores[at] = scores[at - 1];
            at--;
        }
        rows[at] = row;
        scores[at] = score;
    }

    private boolean before(int row, double score, int place) {
        return score > scores[place] || (score == scores[place] && row < rows[place]);
    }

    /** Scores all rows again by exact cosines and writes the best {@code k} of them. */
    void settle(UnitVectors reference, float[] query, int k, int[] toRows, float[] toCosines, int from) {
        ShortList settled = new ShortList(k);
        for (int i = 0; i < size; i++) {
            settled.offer(rows[i], reference.cosine(rows[i], query));
        }
        if (settled.size < k) {
            throw new IllegalStateException(settled.size + " of " + k + " neighbours were found");
        }
        for (int i = 0; i < k; i++) {
            toRows[from + i] = settled.rows[i];
            toCosines[from + i] = (float) settled.scores[i];
        }
    }
}
