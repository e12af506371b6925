package org.celllm.data.cells;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds cells of a batch that are nearly the same measurement, as when a cell is in two data sets: those whose values, as
 * shares of their sums, overlap by at least {@value #ALIKE} (Σ min / Σ max over genes, the weighted Jaccard index).
 *
 * <p>Candidates come from {@link MinHash}, so not all pairs are compared. A pure function of the cells.
 */
public final class NearDuplicates {
    /** Overlap from which on cells are near-duplicates. */
    public static final double ALIKE = 0.9;

    /** Cells that one is compared with in a band, at most: the first of their groups. */
    public static final int MOST_COMPARED = 32;

    private final CellBatch batch;
    private final int[] leader;

    private NearDuplicates(CellBatch batch) {
        this.batch = batch;
        this.leader = new int[batch.cells()];
        for (int cell = 0; cell < leader.length; cell++) {
            leader[cell] = cell;
        }
    }

    /**
     * Groups of near-duplicates.
     *
     * @return [cells] the first cell of each cell's group, −1 for a cell that is like no other
     */
    public static int[] groups(CellBatch batch) {
        NearDuplicates search = new NearDuplicates(batch);
        MinHash hash = new MinHash();
        long[][] keys = new long[batch.cells()][MinHash.BANDS];
        for (int cell = 0; cell < keys.length; cell++) {
            hash.keys(batch, cell, keys[cell]);
        }
        for (int band = 0; band < MinHash.BANDS; band++) {
            search.compare(keys, band);
        }
        return search.result();
    }

    private void compare(long[][] keys, int band) {
        Map<Long, int[]> buckets = new HashMap<>();
        for (int cell = 0; cell < keys.length; cell++) {
            long key = keys[cell][band];
            int[] others = buckets.get(key);
            if (others == null) {
                buckets.put(key, new int[] {cell});
            } else if (!joined(cell, others) && others.length < MOST_COMPARED) {
                int[] more = Arrays.copyOf(others, others.length + 1);
                more[others.length] = cell;
                buckets.put(key, more);
            }
        }
    }

    private boolean joined(int cell, int[] others) {
        for (int other : others) {
            int a = first(cell);
            int b = first(other);
            if (a == b) {
                return true;
            }
            if (overlap(batch, cell, batch, other) >= ALIKE) {
                leader[Math.max(a, b)] = Math.min(a, b);
                return true;
            }
        }
        return false;
    }

    private int first(int cell) {
        int at = cell;
        while (leader[at] != at) {
            at = leader[at];
        }
        return at;
    }

    /**
     * Weighted Jaccard index of the shares of two cells, which may be of different batches over the same genes.
     *
     * @return 0 to 1
     */
    public static double overlap(CellBatch first, int a, CellBatch second, int b) {
        double sumA = sum(first, a);
        double sumB = sum(second, b);
        if (sumA == 0 || sumB == 0) {
            return sumA == sumB ? 1 : 0;
        }
        int i = first.offsets()[a];
        int j = second.offsets()[b];
        double shared = 0;
        while (i < first.offsets()[a + 1] && j < second.offsets()[b + 1]) {
            int order = Character.compare(first.genes()[i], second.genes()[j]);
            if (order == 0) {
                shared += Math.min(first.values()[i] / sumA, second.values()[j] / sumB);
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        // Both sum to 1, so Σ max = 2 − Σ min.
        return shared / (2 - shared);
    }

    private static double sum(CellBatch batch, int cell) {
        double sum = 0;
        for (int i = batch.offsets()[cell]; i < batch.offsets()[cell + 1]; i++) {
            sum += batch.values()[i];
        }
        return sum;
    }

    private int[] result() {
        int[] size = new int[leader.length];
        for (int cell = 0; cell < leader.length; cell++) {
            size[first(cell)]++;
        }
        int[] groups = new int[leader.length];
        for (int cell = 0; cell < leader.length; cell++) {
            groups[cell] = size[first(cell)] > 1 ? first(cell) : -1;
        }
        return groups;
    }
}
