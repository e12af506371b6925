package org.celllm.data.corpus;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.tokens.ValueState;
import org.jspecify.annotations.Nullable;

/**
 * Deals out the cells of a split in random batches. A batch is a pure function of (seed, step, batch size): any step
 * can be asked for at any time, at the same cost.
 *
 * <p>How: the corpus is cut into blocks of {@value #BLOCK} consecutive cells. An epoch deals the blocks out to windows of
 * as many as hold {@value #WINDOW_VALUES} values (2,700 cells of 1,500 genes; the whole of a small corpus), and within a
 * window the cells of the split are shuffled. With K windows, every K blocks that follow each other in the corpus are dealt
 * out in random order, one to each window: so every window has cells from all over the corpus, in proportion, and what
 * the corpus is sorted by (sources, or donors within one) is mixed in every batch as if all cells were shuffled. Reading is
 * by block, memory is one window and one batch (of a large batch: the batch and a small piece). An epoch has as many whole
 * batches as fit; the few cells left over are others every time, and no cell stands twice in a batch.
 *
 * <p>Thread safe: calls wait for each other.
 */
public final class CorpusSampler {
    private static final int WINDOW_VALUES = 4_000_000;

    /** Cells of a block: fewer mix better, more read faster. */
    private static final int BLOCK = 16;

    /** Values of a batch beyond which it is read in pieces: a window beside it would double what is held. */
    private static final int MOST_BESIDE_WINDOW = 1 << 20;

    /** Cells of such a piece. */
    private static final int PIECE = 256;

    private static final long ORDER = 0x6F72646572L;
    private static final long WITHIN = 0x77697468696EL;

    private final Corpus corpus;
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

    private int @Nullable [] blocksHeld;
    private @Nullable CellBatch window;

    CorpusSampler(Corpus corpus, Split split, long seed) {
        this.corpus = corpus;
        this.split = split;
        this.seed = seed;
        this.blocks = corpus.blocks(BLOCK);
        this.inSplit = new byte[blocks.length - 1];
        for (int block = 0; block < inSplit.length; block++) {
            for (long cell = blocks[block]; cell < blocks[block + 1]; cell++) {
                inSplit[block] += (byte) (Split.of(cell) == split ? 1 : 0);
            }
        }
        double valuesPerBlock = Math.max(1, corpus.meanLength()) * BLOCK;
        int blocksPerWindow = (int) Math.max(4, WINDOW_VALUES / valuesPerBlock);
        this.windows = Math.max(1, (inSplit.length + blocksPerWindow - 1) / blocksPerWindow);
    }

    /** Cells of the split. */
    public long cells() {
        return corpus.cells(split);
    }

    /** The batch size that is used when {@code asked} is asked for: the whole split at most. */
    public int batchSize(int asked) {
        return (int) Math.min(asked, cells());
    }

    /** Whole batches an epoch. */
    public long batchesPerEpoch(int size) {
        return cells() == 0 ? 0 : cells() / batchSize(size);
    }

    /** The epoch that a step belongs to, from 0. */
    public long epoch(long step, int size) {
        return step / batchesPerEpoch(size);
    }

    /**
     * The cells of a step's batch.
     *
     * @param step from 0, over all epochs
     * @param size cells; where the split has fewer, all of it is the batch
     * @return numbers in the corpus
     * @throws IllegalStateException when the split has no cells
     */
    public synchronized long[] numbers(long step, int size) {
        int wanted = batchSize(size);
        if (wanted < 1 || step < 0) {
            throw new IllegalStateException("no batch of " + size + " of " + cells() + " cells at step " + step);
        }
        long perEpoch = batchesPerEpoch(size);
        hold(step / perEpoch);
        long position = step % perEpoch * wanted;
        long[] numbers = new long[wanted];
        int n = 0;
        while (n < wanted) {
            int at = Arrays.binarySearch(windowStarts, position + n);
            int w = at >= 0 ? at : -at - 2;
            while (windowStarts[w + 1] == windowStarts[w]) {
                w++;
            }
            long[] shuffled = shuffled(w);
            int from = (int) (position + n - windowStarts[w]);
            int count = Math.min(shuffled.length - from, wanted - n);
            System.arraycopy(shuffled, from, numbers, n, count);
            n += count;
        }
        return numbers;
    }

    /**
     * The batch of a step.
     *
     * @param step from 0, over all epochs
     * @param size cells; where the split has fewer, all of it is the batch
     */
    public synchronized CellBatch batch(long step, int size) throws IOException {
        long[] numbers = numbers(step, size);
        int n = numbers.length;
        int[] offsets = new int[n + 1];
        for (int i = 0; i < n; i++) {
            offsets[i + 1] = Math.addExact(offsets[i], corpus.length(numbers[i]));
        }
        CellBatch batch = new CellBatch(
                n,
                offsets,
                new char[offsets[n]],
                new float[offsets[n]],
                new double[n],
                new ValueState[n],
                new byte[n],
                new int[n],
                new int[n],
                numbers);
        if (offsets[n] > MOST_BESIDE_WINDOW) {
            fillInPieces(batch);
        } else {
            fillFromWindows(batch, step % batchesPerEpoch(size) * n);
        }
        return batch;
    }

    /** Reads the batch's cells in the order of the corpus and holds no window. */
    private void fillInPieces(CellBatch batch) throws IOException {
        window = null;
        blocksHeld = null;
        long[] sorted = batch.rows().clone();
        Arrays.sort(sorted);
        int[] places = new int[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            places[Arrays.binarySearch(sorted, batch.rows()[i])] = i;
        }
        for (int done = 0; done < sorted.length; done += PIECE) {
            CellBatch read = corpus.read(Arrays.copyOfRange(sorted, done, Math.min(done + PIECE, sorted.length)));
            for (int i = 0; i < read.cells(); i++) {
                copy(read, i, batch, places[done + i]);
            }
        }
    }

    /** @param position of the batch's first cell in the epoch */
    private void fillFromWindows(CellBatch batch, long position) throws IOException {
        int n = batch.cells();
        for (int done = 0; done < n; ) {
            int at = Arrays.binarySearch(windowStarts, position + done);
            int w = at >= 0 ? at : -at - 2;
            while (windowStarts[w + 1] == windowStarts[w]) {
                w++;
            }
            int count = (int) Math.min(windowStarts[w + 1] - position - done, n - done);
            CellBatch read = window(w);
            for (int i = done; i < done + count; i++) {
                copy(read, Arrays.binarySearch(read.rows(), batch.rows()[i]), batch, i);
            }
            done += count;
        }
    }

    private static void copy(CellBatch from, int cell, CellBatch to, int place) {
        int length = from.length(cell);
        System.arraycopy(from.genes(), from.offsets()[cell], to.genes(), to.offsets()[place], length);
        System.arraycopy(from.values(), from.offsets()[cell], to.values(), to.offsets()[place], length);
        to.totals()[place] = from.totals()[cell];
        to.states()[place] = from.states()[cell];
        to.disease()[place] = from.disease()[cell];
        to.label()[place] = from.label()[cell];
        to.source()[place] = from.source()[cell];
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

    /** Blocks of a window, ascending, which is the order they are read in. */
    private int[] windowBlocks(int w) {
        return IntStream.iterate(w, at -> at < order.length, at -> at + windows)
                .map(at -> order[at])
                .filter(block -> block >= 0)
                .toArray();
    }

    private long[] members(int w) {
        return IntStream.of(windowBlocks(w))
                .mapToObj(block -> java.util.stream.LongStream.range(blocks[block], blocks[block + 1]))
                .flatMapToLong(cells -> cells)
                .filter(cell -> Split.of(cell) == split)
                .toArray();
    }

    private long[] shuffled(int w) {
        long[] members = members(w);
        int[] places = KeyedRandom.of(seed, WITHIN, split.code(), epochHeld, w).permutation(members.length);
        long[] shuffled = new long[members.length];
        for (int i = 0; i < shuffled.length; i++) {
            shuffled[i] = members[places[i]];
        }
        return shuffled;
    }

    /** The cells of a window; read unless it holds the blocks read last, as it always does in a small corpus. */
    private CellBatch window(int w) throws IOException {
        int[] wanted = windowBlocks(w);
        CellBatch held = window;
        if (held == null || !Arrays.equals(wanted, blocksHeld)) {
            window = null;
            held = corpus.read(members(w));
            window = held;
            blocksHeld = wanted;
        }
        return held;
    }
}
