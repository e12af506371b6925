package org.celllm.data.corpus;

import java.util.Arrays;
import java.util.List;
import org.celllm.data.random.KeyedRandom;
import org.jspecify.annotations.Nullable;

/**
 * Deals the cells of strata in given shares. An epoch has as many places as it is given; each stratum has a fixed number
 * of them, evenly over the windows to within one. A stratum's cells come in passes, each cell once a pass, in an order of
 * its own each time, and where an epoch ends in the middle of a pass the next one goes on: so after any number of epochs no
 * cell of a stratum was dealt more than once more often than another.
 *
 * <p>A pass deals blocks of cells that follow each other in the stratum, as {@link EvenDealing} does: with J windows to a
 * pass, every J neighbours go to J different stretches of it. A window's cells of one pass are shuffled; the places of the
 * strata are mixed at random. A cell stands in a batch twice only where a pass ends in it, or where the stratum is smaller
 * than its part of the batch.
 */
final class WeightedDealing implements CellDealing {
    private final Split split;
    private final long seed;
    private final List<CorpusStrata.Stratum> strata;
    private final long[] places;
    private final long[] windowStarts;
    private final int windows;
    /** [strata] where in a window's width each stratum's windows begin, so that small ones do not all end up in one. */
    private final long[] phases;
    /** [strata] the pass that was asked for last. */
    private final @Nullable Pass[] passes;

    /**
     * The order of a pass over a stratum.
     *
     * @param number of the pass, from 0
     * @param blocks of the stratum's cells in the order they are dealt in
     * @param starts [blocks + 1] cells before each
     */
    private record Pass(long number, int[] blocks, int[] starts) {}

    /**
     * @param seed decides the order
     * @param length places of an epoch
     */
    WeightedDealing(CorpusStrata strata, long seed, long length) {
        this(strata, seed, length, CellDealing.windows((length + BLOCK - 1) / BLOCK, strata.meanLength()));
    }

    /** With so many windows an epoch. */
    WeightedDealing(CorpusStrata strata, long seed, long length, int windows) {
        this.split = strata.split();
        this.seed = seed;
        this.strata = strata.strata();
        this.places = strata.places(length);
        this.windows = windows;
        this.passes = new Pass[places.length];
        this.phases = new long[places.length];
        KeyedRandom random = KeyedRandom.of(seed, ORDER, split.code());
        Arrays.setAll(phases, stratum -> random.nextInt(windows));
        this.windowStarts = new long[windows + 1];
        for (int w = 1; w <= windows; w++) {
            for (int stratum = 0; stratum < places.length; stratum++) {
                windowStarts[w] += before(stratum, w);
            }
        }
    }

    /** Places of a stratum before a window. */
    private long before(int stratum, int window) {
        return (places[stratum] * window + phases[stratum]) / windows;
    }

    @Override
    public long[] windowStarts(long epoch) {
        return windowStarts;
    }

    @Override
    public long[] dealt(long epoch, int window) {
        long[] byStratum = new long[(int) (windowStarts[window + 1] - windowStarts[window])];
        int[] stratumOf = new int[byStratum.length];
        int[] next = new int[places.length];
        int n = 0;
        for (int stratum = 0; stratum < places.length; stratum++) {
            next[stratum] = n;
            long from = epoch * places[stratum] + before(stratum, window);
            long to = epoch * places[stratum] + before(stratum, window + 1);
            Arrays.fill(stratumOf, n, n + (int) (to - from), stratum);
            int cells = strata.get(stratum).cells().length;
            while (from < to) {
                int at = (int) (from % cells);
                int count = (int) Math.min(cells - at, to - from);
                long[] part = part(stratum, from / cells, at, count);
                long[] mixed = CellDealing.shuffled(
                        part, KeyedRandom.of(seed, WITHIN, split.code(), epoch, window, stratum, from / cells));
                System.arraycopy(mixed, 0, byStratum, n, count);
                n += count;
                from += count;
            }
        }
        int[] mixed = KeyedRandom.of(seed, WITHIN, split.code(), epoch, window).permutation(byStratum.length);
        long[] dealt = new long[byStratum.length];
        for (int i = 0; i < dealt.length; i++) {
            dealt[i] = byStratum[next[stratumOf[mixed[i]]]++];
        }
        return dealt;
    }

    /** So many cells of a pass over a stratum. */
    private long[] part(int stratum, long number, int from, int count) {
        Pass pass = pass(stratum, number);
        int[] cells = strata.get(stratum).cells();
        int found = Arrays.binarySearch(pass.starts, from);
        int block = found >= 0 ? found : -found - 2;
        long[] part = new long[count];
        int within = from - pass.starts[block];
        for (int n = 0; n < count; block++, within = 0) {
            int first = pass.blocks[block] * BLOCK;
            int length = pass.starts[block + 1] - pass.starts[block];
            for (; within < length && n < count; within++) {
                part[n++] = cells[first + within];
            }
        }
        return part;
    }

    private Pass pass(int stratum, long number) {
        Pass held = passes[stratum];
        if (held != null && held.number == number) {
            return held;
        }
        int cells = strata.get(stratum).cells().length;
        int count = (cells + BLOCK - 1) / BLOCK;
        // As many stretches as windows that a pass is dealt to; more than blocks would be empty.
        int stretches = (int) Math.max(1, Math.min(count, (double) cells * windows / places[stratum]));
        KeyedRandom random = KeyedRandom.of(seed, ORDER, split.code(), stratum, number);
        int[][] stretch = new int[stretches][];
        int rows = (count + stretches - 1) / stretches;
        Arrays.setAll(stretch, i -> new int[rows]);
        int[] filled = new int[stretches];
        for (int row = 0; row < rows; row++) {
            int[] to = random.permutation(stretches);
            for (int i = 0; i < stretches; i++) {
                int block = row * stretches + i;
                if (block < count) {
                    stretch[to[i]][filled[to[i]]++] = block;
                }
            }
        }
        int[] blocks = new int[count];
        int[] starts = new int[count + 1];
        int n = 0;
        for (int i = 0; i < stretches; i++) {
            for (int place : random.permutation(filled[i])) {
                blocks[n] = stretch[i][place];
                starts[n + 1] = starts[n] + Math.min(BLOCK, cells - blocks[n] * BLOCK);
                n++;
            }
        }
        Pass made = new Pass(number, blocks, starts);
        passes[stratum] = made;
        return made;
    }
}
