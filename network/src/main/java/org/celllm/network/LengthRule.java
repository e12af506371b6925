package org.celllm.network;

import java.util.Arrays;

/** Which genes of a cell stay when it expresses more than the network's longest sequence holds. */
public enum LengthRule {
    /** The first in gene order, as the published code cuts its sequences. */
    FIRST_GENES {
        @Override
        int[] choose(int[] tokens, int most) {
            int[] kept = new int[Math.min(most, tokens.length)];
            Arrays.setAll(kept, i -> i);
            return kept;
        }
    },
    /** Those with the highest expression token, among equals the first in gene order; gene order is kept. */
    HIGHEST_EXPRESSED {
        @Override
        int[] choose(int[] tokens, int most) {
            if (tokens.length <= most) {
                return FIRST_GENES.choose(tokens, most);
            }
            // Sorting (−token, place) as one number keeps the order of equals.
            long[] order = new long[tokens.length];
            Arrays.setAll(order, i -> ((long) -tokens[i] << 32) | i);
            Arrays.sort(order);
            int[] kept = new int[most];
            Arrays.setAll(kept, i -> (int) order[i]);
            Arrays.sort(kept);
            return kept;
        }
    };

    /**
     * Places of the genes that stay, ascending.
     *
     * @param tokens expression tokens of one cell
     * @param most how many may stay
     */
    abstract int[] choose(int[] tokens, int most);

    /** The rule of a padding mode: as published there, the highest expressed elsewhere. */
    public static LengthRule of(PaddingMode padding) {
        return padding == PaddingMode.PUBLISHED ? FIRST_GENES : HIGHEST_EXPRESSED;
    }
}
