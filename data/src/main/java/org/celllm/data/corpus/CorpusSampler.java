package org.celllm.data.corpus;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.data.tokens.ValueState;
import org.jspecify.annotations.Nullable;

/**
 * Deals out the cells of a split in random batches. A batch is a pure function of (seed, step, batch size): any step
 * can be asked for at any time, at the same cost.
 *
 * <p>How: the corpus is cut into blocks of 16 consecutive cells. An epoch deals the blocks out to windows of
 * as many as hold 4,000,000 values (2,700 cells of 1,500 genes; the whole of a small corpus), and within a
 * window the cells of the split are shuffled, so that what the corpus is sorted by is mixed in every batch
 * ({@link EvenDealing}). Reading is by block, memory is one window and one batch (of a large batch: the batch and a small
 * piece). An epoch has as many whole batches as fit; the few cells left over are others every time, and no cell stands
 * twice in a batch.
 *
 * <p>With {@link SamplingWeights}, an epoch has the same length, but strata of cells have the shares of it that were asked
 * for, in every window: cells of rare strata come several times an epoch, cells of others in every few epochs once, and all
 * cells of a stratum equally often. Then no place is left over, and a cell may stand twice in a batch ({@link
 * WeightedDealing}).
 *
 * <p>Thread safe: calls wait for each other.
 */
public final class CorpusSampler {
    /** Values of a batch beyond which it is read in pieces: a window beside it would double what is held. */
    private static final int MOST_BESIDE_WINDOW = 1 << 20;

    /** Cells of such a piece. */
    private static final int PIECE = 256;

    private final CellStore store;
    private final Split split;
    private final long seed;
    private final @Nullable CorpusStrata strata;
    private CellDealing dealing;
    /** Places of an epoch that {@link #dealing} is for, where it has weights. */
    private long length = -1;

    private @Nullable Dealt dealt;
    private @Nullable CellBatch window;

    /**
     * The window that was dealt last.
     *
     * @param dealing it was dealt by
     * @param epoch it is in
     * @param number of it
     * @param cells in their order
     * @param members each once, ascending: what is read
     */
    private record Dealt(CellDealing dealing, long epoch, int number, long[] cells, long[] members) {}

    CorpusSampler(CellStore store, Split split, long seed) {
        this.store = store;
        this.split = split;
        this.seed = seed;
        this.strata = null;
        this.dealing = new EvenDealing(store, split, seed);
    }

    CorpusSampler(CellStore store, CorpusStrata strata, long seed) {
        this.store = store;
        this.split = strata.split();
        this.seed = seed;
        this.strata = strata;
        this.length = strata.cells();
        this.dealing = new WeightedDealing(strata, seed, length);
    }

    /** Cells of the split. */
    public long cells() {
        return store.cells(split);
    }

    /** The batch size that is used when {@code asked} is asked for: the whole split at most. */
    public int batchSize(int asked) {
        return (int) Math.min(asked, cells());
    }

    /** The strata that cells are drawn by, {@code null} where every cell comes as often as every other. */
    public @Nullable CorpusStrata strata() {
        return strata;
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
        CellDealing by = dealing(size);
        long perEpoch = batchesPerEpoch(size);
        long epoch = step / perEpoch;
        long[] windowStarts = by.windowStarts(epoch);
        long position = step % perEpoch * wanted;
        long[] numbers = new long[wanted];
        int n = 0;
        while (n < wanted) {
            int w = window(windowStarts, position + n);
            long[] cells = dealt(by, epoch, w).cells;
            int from = (int) (position + n - windowStarts[w]);
            int count = Math.min(cells.length - from, wanted - n);
            System.arraycopy(cells, from, numbers, n, count);
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
            offsets[i + 1] = Math.addExact(offsets[i], store.length(numbers[i]));
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
        int[] lengths = new int[n];
        if (offsets[n] > MOST_BESIDE_WINDOW) {
            fillInPieces(batch, lengths);
        } else {
            fillFromWindows(batch, lengths, step, size);
        }
        return CellBatches.trimmed(batch, lengths);
    }

    /** Reads the batch's cells in the order of the corpus and holds no window. */
    private void fillInPieces(CellBatch batch, int[] lengths) throws IOException {
        window = null;
        Integer[] places = new Integer[batch.cells()];
        Arrays.setAll(places, i -> i);
        Arrays.sort(places, Comparator.comparingLong(place -> batch.rows()[place]));
        for (int done = 0; done < places.length; done += PIECE) {
            int from = done;
            CellBatch read = store.read(IntStream.range(from, Math.min(from + PIECE, places.length))
                    .mapToLong(i -> batch.rows()[places[i]])
                    .toArray());
            for (int i = 0; i < read.cells(); i++) {
                lengths[places[from + i]] = copy(read, i, batch, places[from + i]);
            }
        }
    }

    private void fillFromWindows(CellBatch batch, int[] lengths, long step, int size) throws IOException {
        CellDealing by = dealing(size);
        long perEpoch = batchesPerEpoch(size);
        long epoch = step / perEpoch;
        long[] windowStarts = by.windowStarts(epoch);
        int n = batch.cells();
        long position = step % perEpoch * n;
        for (int done = 0; done < n; ) {
            int w = window(windowStarts, position + done);
            int count = (int) Math.min(windowStarts[w + 1] - position - done, n - done);
            CellBatch read = read(dealt(by, epoch, w).members);
            for (int i = done; i < done + count; i++) {
                lengths[i] = copy(read, Arrays.binarySearch(read.rows(), batch.rows()[i]), batch, i);
            }
            done += count;
        }
    }

    /** The window that a place of the epoch is in. */
    private static int window(long[] windowStarts, long position) {
        int at = Arrays.binarySearch(windowStarts, position);
        int w = at >= 0 ? at : -at - 2;
        while (windowStarts[w + 1] == windowStarts[w]) {
            w++;
        }
        return w;
    }

    /** Returns how many values there were. */
    private static int copy(CellBatch from, int cell, CellBatch to, int place) {
        int length = from.length(cell);
        System.arraycopy(from.genes(), from.offsets()[cell], to.genes(), to.offsets()[place], length);
        System.arraycopy(from.values(), from.offsets()[cell], to.values(), to.offsets()[place], length);
        to.totals()[place] = from.totals()[cell];
        to.states()[place] = from.states()[cell];
        to.disease()[place] = from.disease()[cell];
        to.label()[place] = from.label()[cell];
        to.source()[place] = from.source()[cell];
        return length;
    }

    /** What deals for batches of a size: with weights, to epochs that no place of is left over. */
    private CellDealing dealing(int size) {
        if (strata != null) {
            long wanted = batchesPerEpoch(size) * batchSize(size);
            if (wanted != length) {
                dealing = new WeightedDealing(strata, seed, wanted);
                length = wanted;
            }
        }
        return dealing;
    }

    private Dealt dealt(CellDealing by, long epoch, int w) {
        Dealt last = dealt;
        if (last == null || last.dealing != by || last.epoch != epoch || last.number != w) {
            long[] cells = by.dealt(epoch, w);
            long[] members = Arrays.stream(cells).sorted().distinct().toArray();
            last = new Dealt(by, epoch, w, cells, members);
            dealt = last;
        }
        return last;
    }

    /** A window's cells; read unless they were read last, as they always were in a small corpus. */
    private CellBatch read(long[] members) throws IOException {
        CellBatch held = window;
        if (held == null || !Arrays.equals(members, held.rows())) {
            // Not held meanwhile: should reading fail, half of it would be other cells.
            window = null;
            held = store.read(members, held);
            window = held;
        }
        return held;
    }
}
