package org.celllm.tasks.response;

import java.util.BitSet;

/**
 * Which pairs a method may learn from, which it may choose settings by, and which it is scored on. With
 * {@link SplitKind#BOTH} there are pairs in none of them.
 *
 * @param name such as {@code "seed 0"}
 * @param kind what is unseen
 * @param train pairs, ascending
 * @param validation pairs, ascending, as unseen to {@code train} as those of {@code test}
 * @param test pairs, ascending
 */
public record ResponseSplit(String name, SplitKind kind, int[] train, int[] validation, int[] test) {
    public ResponseSplit {
        BitSet seen = new BitSet();
        for (int[] part : new int[][] {train, validation, test}) {
            if (part.length == 0) {
                throw new IllegalArgumentException("split \"" + kind.word() + "\", " + name
                        + ", has no pair in one of its parts: there are too few lines, drugs or pairs");
            }
            for (int i = 0; i < part.length; i++) {
                if (seen.get(part[i])) {
                    throw new IllegalArgumentException("pair " + part[i] + " is twice in split " + name);
                }
                if (i > 0 && part[i] < part[i - 1]) {
                    throw new IllegalArgumentException("pairs of split " + name + " are out of order");
                }
                seen.set(part[i]);
            }
        }
    }
}
