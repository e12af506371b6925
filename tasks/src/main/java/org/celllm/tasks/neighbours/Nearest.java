package org.celllm.tasks.neighbours;

/**
 * The nearest vectors of a reference for each of several queries, the nearest first; of equally near ones the earlier
 * comes first.
 *
 * @param k how many a query
 * @param rows [queries · k] their places in the reference
 * @param cosines [queries · k] their cosines with the query
 */
public record Nearest(int k, int[] rows, float[] cosines) {
    public Nearest {
        if (k < 1 || rows.length != cosines.length || rows.length % k != 0) {
            throw new IllegalArgumentException(rows.length + " neighbours, " + k + " a query");
        }
    }

    /** How many queries there were. */
    public int queries() {
        return rows.length / k;
    }

    /**
     * Share of the true neighbours that were found, over all queries.
     *
     * @param exact of the same queries and reference
     */
    public double recall(Nearest exact) {
        if (exact.k != k || exact.rows.length != rows.length) {
            throw new IllegalArgumentException("other queries");
        }
        long found = 0;
        for (int i = 0; i < rows.length; i++) {
            int first = i / k * k;
            for (int j = first; j < first + k; j++) {
                if (exact.rows[j] == rows[i]) {
                    found++;
                    break;
                }
            }
        }
        return (double) found / rows.length;
    }
}
