package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.Disease;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.tokens.ValueState;
import org.jspecify.annotations.Nullable;

/**
 * A corpus folder, open for reading. Opening checks the manifest against the files' sizes and headers and holds three
 * bytes a cell, five of a shard with labels; values are read by position, several cells' at once where they lie apart.
 * Cells are numbered from 0 through all sources in order.
 *
 * <p>Thread safe.
 */
public final class Corpus implements CellStore {
    private final Path folder;
    private final CorpusManifest manifest;
    private final GeneVocabulary genes;
    private final List<CorpusShard> shards;
    private final long[] firstCells;
    private final ValueState[] states;
    private final Map<Split, DiseaseCounts> diseases = new EnumMap<>(Split.class);
    private final Map<Split, Long> labelled = new EnumMap<>(Split.class);
    private final int sourcesWithBoth;
    private final ReadsSideBySide reads = new ReadsSideBySide();

    private Corpus(Path folder, CorpusManifest manifest, GeneVocabulary genes, List<CorpusShard> shards) {
        this.folder = folder;
        this.manifest = manifest;
        this.genes = genes;
        this.shards = List.copyOf(shards);
        this.firstCells = shards.stream().mapToLong(s -> s.firstCell).toArray();
        this.states = manifest.sources().stream()
                .map(s -> CorpusGenes.state(folder, s.state()))
                .toArray(ValueState[]::new);
        for (CorpusShard shard : shards) {
            for (int cell = 0; cell < shard.cells(); cell++) {
                Split split = Split.of(shard.firstCell + cell);
                diseases.merge(split, DiseaseCounts.NONE.plus(Disease.of(shard.disease(cell))), DiseaseCounts::plus);
                if (shard.label(cell) != 0) {
                    labelled.merge(split, 1L, Long::sum);
                }
            }
        }
        this.sourcesWithBoth = (int) manifest.sources().stream()
                .filter(s -> s.disease().normal() > 0 && s.disease().cancer() > 0)
                .count();
    }

    /**
     * Opens a corpus.
     *
     * @throws org.celllm.data.InputException when the folder is no corpus, or is damaged, with the file and the place
     */
    public static Corpus open(Path folder) throws IOException {
        CorpusManifest manifest = CorpusManifest.read(folder);
        GeneVocabulary genes = CorpusGenes.read(folder, manifest);
        List<CorpusShard> shards = new ArrayList<>();
        try {
            long firstCell = 0;
            for (CorpusManifest.Shard shard : manifest.shards()) {
                shards.add(CorpusShard.open(
                        folder,
                        shard,
                        firstCell,
                        genes.size(),
                        manifest.tissues().size(),
                        manifest.labels().size()));
                firstCell += shard.cells();
            }
            return new Corpus(folder, manifest, genes, shards);
        } catch (Throwable e) {
            for (CorpusShard shard : shards) {
                shard.close();
            }
            throw e;
        }
    }

    /** The folder. */
    public Path folder() {
        return folder;
    }

    /** What the corpus consists of and where it came from. */
    public CorpusManifest manifest() {
        return manifest;
    }

    @Override
    public GeneVocabulary genes() {
        return genes;
    }

    /** Changes when any cell or gene does. */
    public String hash() {
        return manifest.hash();
    }

    @Override
    public long cells() {
        return manifest.cells();
    }

    @Override
    public long cells(Split split) {
        return diseases(split).total();
    }

    /** Cells of a split, by disease. */
    public DiseaseCounts diseases(Split split) {
        return diseases.getOrDefault(split, DiseaseCounts.NONE);
    }

    /** Cells of a split that have a label. */
    public long labelled(Split split) {
        return labelled.getOrDefault(split, 0L);
    }

    /** How many sources. */
    public int sources() {
        return manifest.sources().size();
    }

    /** Sources with both normal and cancer cells. */
    public int sourcesWithBoth() {
        return sourcesWithBoth;
    }

    @Override
    public double meanLength() {
        return cells() == 0 ? 0 : (double) manifest.nonzeros() / cells();
    }

    @Override
    public int length(long cell) {
        CorpusShard shard = shardOf(cell);
        return shard.length((int) (cell - shard.firstCell));
    }

    /** Disease of a cell. */
    public Disease disease(long cell) {
        CorpusShard shard = shardOf(cell);
        return Disease.of(shard.disease((int) (cell - shard.firstCell)));
    }

    /** Number of a cell's label, 0 for unknown. */
    int label(long cell) {
        CorpusShard shard = shardOf(cell);
        return shard.label((int) (cell - shard.firstCell));
    }

    /** Index of the source that a cell came from. */
    public int source(long cell) {
        return shardOf(cell).source();
    }

    /** The row that a cell has in its source's file, from 0. */
    public long row(long cell) throws IOException {
        CorpusShard shard = shardOf(cell);
        return shard.row((int) (cell - shard.firstCell));
    }

    /**
     * Reads the tissues of consecutive cells.
     *
     * @return [count] their numbers: places in the manifest's list of tissues from 1 on, 0 for unknown
     */
    char[] tissues(long first, int count) throws IOException {
        char[] numbers = new char[count];
        for (int n = 0; n < count; ) {
            CorpusShard shard = shardOf(first + n);
            int cell = (int) (first + n - shard.firstCell);
            int run = Math.min(count - n, shard.cells() - cell);
            shard.tissues(cell, run, numbers, n);
            n += run;
        }
        return numbers;
    }

    /** Deals out the cells of a split in random batches. */
    public CorpusSampler sampler(Split split, long seed) {
        return new CorpusSampler(this, split, seed);
    }

    /**
     * Deals out the cells of a split in random batches, in shares of their own.
     *
     * @throws org.celllm.data.InputException when the weights name what the split does not have
     */
    public CorpusSampler sampler(Split split, long seed, SamplingWeights weights) throws IOException {
        return weights.isNone()
                ? sampler(split, seed)
                : new CorpusSampler(this, CorpusStrata.of(this, split, weights), seed);
    }

    /**
     * Some cells of a split, spread over the whole corpus, the same at every call.
     *
     * @param most how many at most
     * @return their numbers, ascending
     */
    public long[] spread(Split split, int most) {
        return SpreadCells.of(cells(), split, most);
    }

    /** Reads consecutive cells. */
    public CellBatch read(long first, int count) throws IOException {
        long[] cells = new long[count];
        for (int i = 0; i < count; i++) {
            cells[i] = first + i;
        }
        return read(cells);
    }

    @Override
    public CellBatch read(long[] cells) throws IOException {
        return read(cells, null);
    }

    @Override
    public CellBatch read(long[] cells, @Nullable CellBatch spent) throws IOException {
        int[] offsets = new int[cells.length + 1];
        for (int i = 0; i < cells.length; i++) {
            offsets[i + 1] = Math.addExact(offsets[i], length(cells[i]));
        }
        int n = offsets[cells.length];
        CellBatch taken = spent != null && spent.genes().length >= n ? spent : null;
        char[] batchGenes = taken == null ? new char[n] : taken.genes();
        float[] values = taken == null ? new float[n] : taken.values();
        double[] totals = new double[cells.length];
        ValueState[] batchStates = new ValueState[cells.length];
        byte[] disease = new byte[cells.length];
        int[] label = new int[cells.length];
        int[] source = new int[cells.length];
        int[] runs = runs(cells);
        reads.all(runs.length - 1, run -> {
            int from = runs[run];
            CorpusShard shard = shardOf(cells[from]);
            int first = (int) (cells[from] - shard.firstCell);
            int count = runs[run + 1] - from;
            shard.values(first, count, batchGenes, values, offsets[from]);
            shard.totals(first, count, totals, from);
            for (int k = 0; k < count; k++) {
                batchStates[from + k] = states[shard.source()];
                disease[from + k] = shard.disease(first + k);
                label[from + k] = shard.label(first + k);
                source[from + k] = shard.source();
            }
        });
        return new CellBatch(
                cells.length, offsets, batchGenes, values, totals, batchStates, disease, label, source, cells.clone());
    }

    /** Where in {@code cells} each run of consecutive cells of one shard begins, and their number. */
    private int[] runs(long[] cells) {
        int[] starts = new int[cells.length + 1];
        int runs = 0;
        for (int i = 0; i < cells.length; ) {
            CorpusShard shard = shardOf(cells[i]);
            long end = shard.firstCell + shard.cells();
            starts[runs++] = i;
            do {
                i++;
            } while (i < cells.length && cells[i] == cells[i - 1] + 1 && cells[i] < end);
        }
        starts[runs] = cells.length;
        return Arrays.copyOf(starts, runs + 1);
    }

    @Override
    public long[] blocks(int size) {
        long[] starts = new long
                [shards.stream().mapToInt(s -> (s.cells() + size - 1) / size).sum() + 1];
        int n = 0;
        for (CorpusShard shard : shards) {
            for (int cell = 0; cell < shard.cells(); cell += size) {
                starts[n++] = shard.firstCell + cell;
            }
        }
        starts[n] = cells();
        return starts;
    }

    private CorpusShard shardOf(long cell) {
        if (cell < 0 || cell >= cells()) {
            throw new IndexOutOfBoundsException("no cell " + cell + " of " + cells());
        }
        int at = Arrays.binarySearch(firstCells, cell);
        int shard = at >= 0 ? at : -at - 2;
        while (shards.get(shard).cells() == 0
                || cell >= shards.get(shard).firstCell + shards.get(shard).cells()) {
            shard++;
        }
        return shards.get(shard);
    }

    @Override
    public void close() throws IOException {
        reads.close();
        for (CorpusShard shard : shards) {
            shard.close();
        }
    }
}
