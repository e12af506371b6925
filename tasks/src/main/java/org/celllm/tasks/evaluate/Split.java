package org.celllm.tasks.evaluate;

import java.util.BitSet;

/**
 * Which cells a method may learn the labels of, and which it is scored on.
 *
 * @param name such as {@code "seed 0, fold 2"}
 * @param train cells, ascending
 * @param test cells, ascending, none of them in {@code train}
 */
public record Split(String name, int[] train, int[] test) {
    public Split {
        if (train.length == 0 || test.length == 0) {
            throw new IllegalArgumentException("split " + name + " has no cells on one side");
        }
        BitSet seen = new BitSet();
        for (int cell : train) {
            seen.set(cell);
        }
        for (int cell : test) {
            if (seen.get(cell)) {
                throw new IllegalArgumentException("cell " + cell + " is on both sides of split " + name);
            }
        }
    }

    /**
     * The codes of some cells.
     *
     * @param codes [all cells]
     */
    public static int[] codes(int[] codes, int[] cells) {
        int[] chosen = new int[cells.length];
        for (int i = 0; i < cells.length; i++) {
            chosen[i] = codes[cells[i]];
        }
        return chosen;
    }
}
