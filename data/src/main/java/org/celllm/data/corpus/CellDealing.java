package org.celllm.data.corpus;

import org.celllm.data.random.KeyedRandom;

/**
 * Which cells an epoch deals to each of its windows, and in which order: a pure function of the seed, the epoch and the
 * window. Not thread safe.
 */
interface CellDealing {
    /** Cells that stand together in the corpus and are dealt together: fewer mix better, more read faster. */
    int BLOCK = 16;

    /** Values of a window, as far as it has at least four blocks. */
    int WINDOW_VALUES = 4_000_000;

    /** What the order of blocks is keyed by. */
    long ORDER = 0x6F72646572L;

    /** What the order of cells within a window is keyed by. */
    long WITHIN = 0x77697468696EL;

    /** [windows + 1] cells dealt before each window of an epoch, and in all. */
    long[] windowStarts(long epoch);

    /** The cells of a window in the order they are dealt in. */
    long[] dealt(long epoch, int window);

    /** How many windows so many blocks of cells make, when a cell has so many values in the mean. */
    static int windows(long blocks, double meanLength) {
        double valuesPerBlock = Math.max(1, meanLength) * BLOCK;
        int blocksPerWindow = (int) Math.max(4, WINDOW_VALUES / valuesPerBlock);
        return (int) Math.max(1, (blocks + blocksPerWindow - 1) / blocksPerWindow);
    }

    /** The cells in random order. */
    static long[] shuffled(long[] cells, KeyedRandom random) {
        int[] places = random.permutation(cells.length);
        long[] shuffled = new long[cells.length];
        for (int i = 0; i < shuffled.length; i++) {
            shuffled[i] = cells[places[i]];
        }
        return shuffled;
    }
}
