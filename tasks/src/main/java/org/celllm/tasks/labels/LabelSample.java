package org.celllm.tasks.labels;

import java.util.Arrays;
import org.celllm.data.random.KeyedRandom;

/** A stratified sample of labelled cells: what bounds memory where a file has more cells than are wanted. */
public final class LabelSample {
    /** A class keeps so many cells whatever its share. */
    private static final int FEWEST_OF_A_CLASS = 100;

    private static final long SAMPLE = 0x5A3;

    private LabelSample() {}

    /**
     * Chooses cells; those without a label only fill what the labelled ones leave.
     *
     * @param most cells about; all are kept where there are no more
     * @return [cells] whether each is kept
     */
    public static boolean[] of(CellLabels labels, int most, long seed) {
        return of(labels.codes(), labels.classes(), most, seed);
    }

    /**
     * The same of codes.
     *
     * @param codes [cells] classes, −1 for unlabelled
     */
    public static boolean[] of(int[] codes, int classes, int most, long seed) {
        int cells = codes.length;
        boolean[] kept = new boolean[cells];
        if (cells <= most) {
            Arrays.fill(kept, true);
            return kept;
        }
        int[] counts = new int[classes];
        int labelled = 0;
        for (int code : codes) {
            if (code >= 0) {
                counts[code]++;
                labelled++;
            }
        }
        int[] wanted = new int[counts.length];
        for (int c = 0; c < counts.length; c++) {
            long share = (long) counts[c] * most / Math.max(1, labelled);
            wanted[c] = (int) Math.max(share, Math.min(counts[c], FEWEST_OF_A_CLASS));
        }
        int room = most;
        int[] order = KeyedRandom.of(seed, SAMPLE).permutation(cells);
        for (int cell : order) {
            int code = codes[cell];
            if (code >= 0 && wanted[code]-- > 0) {
                kept[cell] = true;
                room--;
            }
        }
        for (int cell : order) {
            if (codes[cell] < 0 && room-- > 0) {
                kept[cell] = true;
            }
        }
        return kept;
    }
}
