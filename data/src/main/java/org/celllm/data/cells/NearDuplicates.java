package org.celllm.data.cells;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.celllm.data.random.KeyedRandom;

/**
 * Finds cells of a batch that are nearly the same measurement, as when a cell is in two data sets: those whose values, as
 * shares of their sums, overlap by at least {@value #ALIKE} (Σ min / Σ max over genes, the weighted Jaccard index).
 *
 * <p>Candidates are cells whose expressed genes agree in a band of one-permutation MinHash (Li, Owen and Zhang, NIPS 2012;
 * empty places are filled from their neighbours as Shrivastava and Li, ICML 2014, have it), so not all pairs are compared: two
 * cells whose sets of genes overlap by 0.9 meet with a probability of 0.96, by 0.95 with 0.9999, the same set always. A pure
 * function of the cells.
 */
public final class NearDuplicates {
    /** Overlap from which on cells are near-duplicates. */
    public static final double ALIKE = 0.9;

    private static final int BANDS = 16;
    private static final int ROWS = 16;
    private static final int PLACES = BANDS * ROWS;

    /** Cells that one is compared with in a band, at most: the first of their groups. */
    private static final int MOST_COMPARED = 32;

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
        int[][] signatures = new int[batch.cells()][];
        for (int cell = 0; cell < signatures.length; cell++) {
            signatures[cell] = search.signature(cell);
        }
        for (int band = 0; band < BANDS; band++) {
            search.compare(signatures, band);
        }
        return search.result();
    }

    /** [PLACES] the least hash of the cell's genes that fall to each place; all zero for a cell that expresses nothing. */
    private int[] signature(int cell) {
        int[] least = new int[PLACES];
        Arrays.fill(least, Integer.MAX_VALUE);
        for (int i = batch.offsets()[cell]; i < batch.offsets()[cell + 1]; i++) {
            long hash = KeyedRandom.key(0, batch.genes()[i]);
            int place = (int) (hash >>> 32) & (PLACES - 1);
            least[place] = Math.min(least[place], (int) hash & 0x7FFF_FFFE);
        }
        int[] filled = least.clone();
        if (batch.length(cell) == 0) {
            return new int[PLACES];
        }
        for (int place = 0; place < PLACES; place++) {
            for (int far = 1; filled[place] == Integer.MAX_VALUE; far++) {
                int other = least[(place + far) & (PLACES - 1)];
                if (other != Integer.MAX_VALUE) {
                    filled[place] = (int) KeyedRandom.key(far, other) & 0x7FFF_FFFE;
                }
            }
        }
        return filled;
    }

    private void compare(int[][] signatures, int band) {
        Map<Long, int[]> buckets = new HashMap<>();
        for (int cell = 0; cell < signatures.length; cell++) {
            long key = band;
            for (int row = 0; row < ROWS; row++) {
                key = KeyedRandom.key(key, signatures[cell][band * ROWS + row]);
            }
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
            if (overlap(cell, other) >= ALIKE) {
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

    /** Weighted Jaccard index of two cells' shares. */
    private double overlap(int a, int b) {
        double sumA = sum(a);
        double sumB = sum(b);
        if (sumA == 0 || sumB == 0) {
            return sumA == sumB ? 1 : 0;
        }
        int i = batch.offsets()[a];
        int j = batch.offsets()[b];
        double shared = 0;
        while (i < batch.offsets()[a + 1] && j < batch.offsets()[b + 1]) {
            int order = Character.compare(batch.genes()[i], batch.genes()[j]);
            if (order == 0) {
                shared += Math.min(batch.values()[i] / sumA, batch.values()[j] / sumB);
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        // Both sum to 1, so Σ max = 2 − Σ min.
        return shared / (2 - shared);
    }

    private double sum(int cell) {
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
