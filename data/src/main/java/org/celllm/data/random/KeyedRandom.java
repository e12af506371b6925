package org.celllm.data.random;

import java.util.random.RandomGenerator;

/**
 * Random numbers as a pure function of a key: the same seed and the same words give the same stream whatever thread,
 * chunk or order asks for it. All randomness of the project comes from here, so that one seed decides everything and
 * the second pass of the divided step can replay the first.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) started at a mix of the key's words. Not thread
 * safe: make one per use, it costs nothing.
 */
public final class KeyedRandom implements RandomGenerator {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    private KeyedRandom(long state) {
        this.state = state;
    }

    /**
     * The stream of {@code seed} and {@code words}.
     *
     * @param seed the user's seed
     * @param words what the stream is for: a purpose, an epoch, a step, a cell, a view, a layer
     */
    public static KeyedRandom of(long seed, long... words) {
        return new KeyedRandom(key(seed, words));
    }

    /**
     * Mixes a seed and words into one 64-bit key; every bit of every word reaches every bit of the key, and the
     * order of the words counts.
     */
    public static long key(long seed, long... words) {
        long key = mix(seed + GOLDEN);
        for (long word : words) {
            key = mix(key * 3 + mix(word + GOLDEN));
        }
        return key;
    }

    /** A uniform number in [0, 1) for position {@code index} of the stream {@code key}, without any state. */
    public static float uniform(long key, long index) {
        return (mix(key + GOLDEN * (index + 1)) >>> 40) * 0x1.0p-24f;
    }

    @Override
    public long nextLong() {
        state += GOLDEN;
        return mix(state);
    }

    /**
     * A random order of {@code 0 … n − 1} (Fisher–Yates).
     *
     * @param n how many
     */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return order;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
