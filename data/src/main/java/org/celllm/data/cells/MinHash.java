package org.celllm.data.cells;

import java.util.Arrays;
import org.celllm.data.random.KeyedRandom;

/**
 * Finds candidates for near-duplicates: cells whose expressed genes agree in a band of one-permutation MinHash (Li, Owen
 * and Zhang, NIPS 2012; empty places are filled from their neighbours as Shrivastava and Li, ICML 2014, have it). Two cells
 * whose sets of genes overlap by 0.9 agree in some band with a probability of 0.96, by 0.95 with 0.9999, the same set
 * always.
 *
 * <p>Not thread safe: it reuses its arrays.
 */
public final class MinHash {
    /** Bands of a signature. */
    public static final int BANDS = 16;

    private static final int ROWS = 16;
    private static final int PLACES = BANDS * ROWS;

    private final int[] least = new int[PLACES];
    private final int[] filled = new int[PLACES];
    private long[] hashes = new long[0];

    /**
     * Where a cell stands in every band.
     *
     * @param keys [BANDS] filled in; cells with the same key in a band are candidates
     */
    public void keys(CellBatch batch, int cell, long[] keys) {
        sign(batch, cell);
        for (int band = 0; band < BANDS; band++) {
            long key = band;
            for (int row = 0; row < ROWS; row++) {
                key = KeyedRandom.key(key, filled[band * ROWS + row]);
            }
            keys[band] = key;
        }
    }

    /** Fills in the least hash of the cell's genes that fall to each place; all zero for a cell that expresses nothing. */
    private void sign(CellBatch batch, int cell) {
        if (batch.length(cell) == 0) {
            Arrays.fill(filled, 0);
            return;
        }
        Arrays.fill(least, Integer.MAX_VALUE);
        for (int i = batch.offsets()[cell]; i < batch.offsets()[cell + 1]; i++) {
            long hash = hash(batch.genes()[i]);
            int place = (int) (hash >>> 32) & (PLACES - 1);
            least[place] = Math.min(least[place], (int) hash & 0x7FFF_FFFE);
        }
        for (int place = 0; place < PLACES; place++) {
            filled[place] = least[place];
            for (int far = 1; filled[place] == Integer.MAX_VALUE; far++) {
                int other = least[(place + far) & (PLACES - 1)];
                if (other != Integer.MAX_VALUE) {
                    filled[place] = (int) KeyedRandom.key(far, other) & 0x7FFF_FFFE;
                }
            }
        }
    }

    private long hash(char gene) {
        if (gene >= hashes.length) {
            int known = hashes.length;
            hashes = Arrays.copyOf(hashes, Math.min(Character.MAX_VALUE + 1, Math.max(1024, 2 * gene)));
            for (int i = known; i < hashes.length; i++) {
                hashes[i] = KeyedRandom.key(0, i);
            }
        }
        return hashes[gene];
    }
}
