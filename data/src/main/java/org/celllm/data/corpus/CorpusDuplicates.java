package org.celllm.data.corpus;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.MinHash;
import org.celllm.data.cells.NearDuplicates;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.progress.Progress;

/**
 * Which cells of a corpus are nearly the same measurement as another: as in {@link NearDuplicates}, over any number of
 * cells. All cells are read once, for the 16 MinHash keys of each, and candidates once more to be compared; held are
 * 80 bytes a cell (160 MB for two million). A pure function of the corpus, whatever the number of threads.
 *
 * <p>Cells that are near-duplicates of each other, or of a third, form a group.
 */
public final class CorpusDuplicates {
    private static final int CELLS_AT_ONCE = 1024;
    private static final int COMPARED_AT_ONCE = 256;

    private final Corpus corpus;
    /** [MinHash.BANDS][cells] keys, shortened to 32 bits: a few hundred pairs of millions of cells meet by chance. */
    private int[][] keys;

    /** [cells] an earlier cell of the same group, or the cell itself. */
    private final int[] leader;
    /** [cells] a cell that it was compared with and is alike, −1 for none. */
    private final int[] twin;

    private final List<Pair> pairs;
    private long cells;
    private long elsewhere;

    /**
     * Two sources that have cells in common.
     *
     * @param source index of one
     * @param other index of the other; the same where a source repeats its own cells
     * @param cells cells of {@code source} that are in a group with a cell of {@code other}
     * @param otherCells cells of {@code other} that are in a group with a cell of {@code source}
     */
    public record Pair(int source, int other, long cells, long otherCells) {}

    private CorpusDuplicates(Corpus corpus, int threads, Progress progress) throws IOException {
        this.corpus = corpus;
        int n = Math.toIntExact(corpus.cells());
        this.leader = new int[n];
        this.twin = new int[n];
        Arrays.setAll(leader, cell -> cell);
        Arrays.fill(twin, -1);
        this.keys = new int[MinHash.BANDS][n];
        sign(threads, progress);
        long[] order = new long[n];
        try (Progress.Task task = progress.start("Near-duplicates", "bands", MinHash.BANDS)) {
            for (int band = 0; band < MinHash.BANDS; band++) {
                compare(band, order);
                task.advance(1);
            }
        }
        keys = new int[0][];
        this.pairs = count(order);
    }

    /**
     * Finds them.
     *
     * @param threads that read and hash
     * @throws InputException when the corpus has more than 2,147,483,639 cells
     */
    public static CorpusDuplicates find(Corpus corpus, int threads, Progress progress) throws IOException {
        if (corpus.cells() > Integer.MAX_VALUE - 8) {
            throw InputException.about(corpus.folder())
                    .found("has more cells than can be compared")
                    .build();
        }
        return new CorpusDuplicates(corpus, threads, progress);
    }

    /** Cells that have a near-duplicate. */
    public long cells() {
        return cells;
    }

    /** Cells that are in a group with a cell of another source. */
    public long elsewhere() {
        return elsewhere;
    }

    /** Sources that have cells in common, in the order of the sources. */
    public List<Pair> pairs() {
        return pairs;
    }

    /**
     * Writes a line for every cell that has a near-duplicate, in the order of the corpus: number of the cell, its source,
     * its row in that source's file (from 0), and the same of a cell that it is alike. Where a source's file is stands in
     * the manifest.
     */
    public void list(Path tsv) throws IOException {
        SafeFiles.stream(tsv, stream -> {
            BufferedWriter out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16);
            out.write("cell\tsource\trow\ttwin\ttwin_source\ttwin_row\n");
            for (int cell = 0; cell < twin.length; cell++) {
                if (twin[cell] >= 0) {
                    out.write(traced(cell) + "\t" + traced(twin[cell]) + "\n");
                }
            }
            out.flush();
        });
    }

    private String traced(int cell) throws IOException {
        String source = corpus.manifest().sources().get(corpus.source(cell)).name();
        return cell + "\t" + source.replaceAll("[\\t\\n\\r]", " ") + "\t" + corpus.row(cell);
    }

    private void sign(int threads, Progress progress) throws IOException {
        List<Long> firsts = LongStream.iterate(0, first -> first < leader.length, first -> first + CELLS_AT_ONCE)
                .boxed()
                .toList();
        try (Progress.Task task = progress.start("Hashing cells", "cells", leader.length)) {
            SourceWorkers.each(firsts, threads, first -> {
                CellBatch batch = corpus.read(first, (int) Math.min(CELLS_AT_ONCE, leader.length - first));
                MinHash hash = new MinHash();
                long[] bands = new long[MinHash.BANDS];
                for (int cell = 0; cell < batch.cells(); cell++) {
                    hash.keys(batch, cell, bands);
                    for (int band = 0; band < MinHash.BANDS; band++) {
                        keys[band][(int) (first + cell)] = (int) (bands[band] >>> 32);
                    }
                }
                task.advance(batch.cells());
                return batch.cells();
            });
        }
    }

    /** @param order [cells] room to sort in */
    private void compare(int band, long[] order) throws IOException {
        for (int cell = 0; cell < order.length; cell++) {
            order[cell] = (long) keys[band][cell] << 32 | cell;
        }
        Arrays.sort(order);
        int to;
        for (int from = 0; from < order.length; from = to) {
            to = from + 1;
            while (to < order.length && order[to] >> 32 == order[from] >> 32) {
                to++;
            }
            if (to - from > 1) {
                compare(Arrays.stream(order, from, to)
                        .map(one -> one & 0xFFFF_FFFFL)
                        .toArray());
            }
        }
    }

    /** A cell that others are compared with. */
    private record Head(CellBatch batch, int cell, int number) {}

    /** Compares the candidates of one key, ascending, with the first of their groups. */
    private void compare(long[] candidates) throws IOException {
        if (Arrays.stream(candidates).map(cell -> first((int) cell)).distinct().count() == 1) {
            return;
        }
        List<Head> heads = new ArrayList<>();
        for (int done = 0; done < candidates.length; done += COMPARED_AT_ONCE) {
            CellBatch batch = corpus.read(
                    Arrays.copyOfRange(candidates, done, Math.min(candidates.length, done + COMPARED_AT_ONCE)));
            for (int cell = 0; cell < batch.cells(); cell++) {
                int number = (int) batch.rows()[cell];
                if (!joined(batch, cell, number, heads) && heads.size() < NearDuplicates.MOST_COMPARED) {
                    heads.add(new Head(alone(batch, cell), 0, number));
                }
            }
        }
    }

    private boolean joined(CellBatch batch, int cell, int number, List<Head> heads) {
        for (Head head : heads) {
            int a = first(number);
            int b = first(head.number);
            if (a == b) {
                return true;
            }
            if (NearDuplicates.overlap(batch, cell, head.batch, head.cell) >= NearDuplicates.ALIKE) {
                leader[Math.max(a, b)] = Math.min(a, b);
                twin[number] = twin[number] < 0 ? head.number : twin[number];
                twin[head.number] = twin[head.number] < 0 ? number : twin[head.number];
                return true;
            }
        }
        return false;
    }

    /** A copy of one cell, so that heads do not hold the batches they came with. */
    private static CellBatch alone(CellBatch batch, int cell) {
        int from = batch.offsets()[cell];
        int to = batch.offsets()[cell + 1];
        return new CellBatch(
                1,
                new int[] {0, to - from},
                Arrays.copyOfRange(batch.genes(), from, to),
                Arrays.copyOfRange(batch.values(), from, to),
                Arrays.copyOfRange(batch.totals(), cell, cell + 1),
                Arrays.copyOfRange(batch.states(), cell, cell + 1),
                Arrays.copyOfRange(batch.disease(), cell, cell + 1),
                Arrays.copyOfRange(batch.label(), cell, cell + 1),
                Arrays.copyOfRange(batch.source(), cell, cell + 1),
                Arrays.copyOfRange(batch.rows(), cell, cell + 1));
    }

    private int first(int cell) {
        int at = cell;
        while (leader[at] != at) {
            leader[at] = leader[leader[at]];
            at = leader[at];
        }
        return at;
    }

    /** @param order [cells] room to sort in */
    private List<Pair> count(long[] order) {
        for (int cell = 0; cell < order.length; cell++) {
            order[cell] = (long) first(cell) << 32 | cell;
        }
        Arrays.sort(order);
        Map<Long, Long> counts = new TreeMap<>();
        int to;
        for (int from = 0; from < order.length; from = to) {
            to = from + 1;
            while (to < order.length && order[to] >> 32 == order[from] >> 32) {
                to++;
            }
            if (to - from > 1) {
                count(order, from, to, counts);
            }
        }
        List<Pair> found = new ArrayList<>();
        counts.forEach((key, number) -> {
            int source = (int) (key >> 32);
            int other = (int) (long) key;
            if (source <= other) {
                long back = counts.getOrDefault((long) other << 32 | source, 0L);
                found.add(new Pair(source, other, number, back));
            }
        });
        return List.copyOf(found);
    }

    private void count(long[] order, int from, int to, Map<Long, Long> counts) {
        Map<Integer, Integer> bySource = new TreeMap<>();
        for (int i = from; i < to; i++) {
            bySource.merge(corpus.source(order[i] & 0xFFFF_FFFFL), 1, Integer::sum);
        }
        cells += to - from;
        elsewhere += bySource.size() > 1 ? to - from : 0;
        bySource.forEach((source, own) -> {
            for (int other : bySource.keySet()) {
                if (other != source || own > 1) {
                    counts.merge((long) source << 32 | other, (long) own, Long::sum);
                }
            }
        });
    }
}
