package org.celllm.data.corpus;

import org.celllm.data.random.KeyedRandom;

/**
 * Which cells are trained on and which are kept to validate with: one in twenty, decided by the cell's number in the
 * corpus and by nothing else, so every seed and every run agrees.
 */
public enum Split {
    /** Trained on. */
    TRAIN(0),
    /** Never trained on. */
    VALIDATION(1);

    private static final long KEY = KeyedRandom.key(0x73706C6974L);
    private static final float SHARE = 1 / 20f;

    private final int code;

    Split(int code) {
        this.code = code;
    }

    /** What random orders of this split are keyed by. */
    int code() {
        return code;
    }

    /** Where a cell belongs. */
    public static Split of(long cell) {
        return KeyedRandom.uniform(KEY, cell) < SHARE ? VALIDATION : TRAIN;
    }
}
