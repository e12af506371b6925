package org.celllm.data.corpus;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.celllm.data.random.KeyedRandom;

/**
 * Deals every cell of a split once an epoch. The corpus is cut into blocks of consecutive cells. With K windows, every K
 * blocks that follow each other in the corpus are dealt out in random order, one to each window: so every window has
 * cells from all over the corpus, in proportion, and what the corpus is sorted by (sources, or donors within one) is
 * mixed as if all cells were shuffled. Within a window the cells are shuffled.
 */
final class EvenDealing implements CellDealing {
    private final Split split;
    private final long seed;
    private final long[] blocks;
    /** [blocks] cells of the split in each. */
    private final byte[] inSplit;

    private final int windows;
    private long epochHeld = -1;
    /** [strata × windows] blocks of each stratum in the order of the windows they go to, −1 for none. */
    private int[] order = new int[0];
    /** [windows + 1] cells of the split before each window of the held epoch. */
    private long[] windowStarts = new long[0];

    EvenDealing(CellStore store, Split split, long seed) {
        this.split = split;
        this.seed = seed;
        this.blocks = store.blocks(BLOCK);
        this.inSplit = new byte[blocks.length - 1];
        for (int block = 0; block < inSplit.length; block++) {
            for (long cell = blocks[block]; cell < blocks[block + 1]; cell++) {
                inSplit[block] += (byte) (Split.of(cell) == split ? 1 : 0);
            }
        }
        this.windows = CellDealing.windows(inSplit.length, store.meanLength());
    }

    @Override
    public long[] windowStarts(long epoch) {
        hold(epoch);
        return windowStarts;
    }

    @Override
    public long[] dealt(long epoch, int window) {
        hold(epoch);
        long[] members = IntStream.iterate(window, at -> at < order.length, at -> at + windows)
                .map(at -> order[at])
                .filter(block -> block >= 0)
                .mapToObj(block -> LongStream.range(blocks[block], blocks[block + 1]))
                .flatMapToLong(cells -> cells)
                .filter(cell -> Split.of(cell) == split)
                .toArray();
        return CellDealing.shuffled(members, KeyedRandom.of(seed, WITHIN, split.code(), epoch, window));
    }

    /** Deals out an epoch's blocks, unless it is the one held. */
    private void hold(long epoch) {
        if (epoch == epochHeld) {
            return;
        }
        int strata = (inSplit.length + windows - 1) / windows;
        order = new int[strata * windows];
        windowStarts = new long[windows + 1];
        KeyedRandom random = KeyedRandom.of(seed, ORDER, split.code(), epoch);
        for (int stratum = 0; stratum < strata; stratum++) {
            int[] places = random.permutation(windows);
            for (int w = 0; w < windows; w++) {
                int block = stratum * windows + places[w];
                boolean there = block < inSplit.length;
                order[stratum * windows + w] = there ? block : -1;
                windowStarts[w + 1] += there ? inSplit[block] : 0;
            }
        }
        for (int w = 0; w < windows; w++) {
            windowStarts[w + 1] += windowStarts[w];
        }
        epochHeld = epoch;
    }
}
