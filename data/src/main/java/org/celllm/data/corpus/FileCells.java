package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.data.files.FileFingerprint;
import org.celllm.data.files.Sha256;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.genes.IdentifierKind;

/**
 * Cells straight from files, without a corpus: for a quick look. Opening reads names, columns and where each cell begins;
 * values are read when cells are asked for, from compressed files, which takes several times what a corpus takes. The
 * vocabulary is every gene of every file, in alphabetical order; cells with fewer than {@value #MIN_VALUES} values are
 * left out.
 *
 * <p>Thread safe: calls wait for each other.
 */
public final class FileCells implements CellStore {
    /** Values that a cell must have. */
    public static final int MIN_VALUES = 50;

    private final List<OpenSource> sources;
    private final long[] firstCells;
    private final GeneVocabulary genes;
    private final NumberedNames labels;
    private final String hash;
    private final long validation;
    private final DiseaseCounts trained;
    private final long labelled;
    private final double meanLength;

    private FileCells(List<OpenSource> sources, GeneVocabulary genes) throws IOException {
        this.sources = sources;
        this.genes = genes;
        this.labels = new NumberedNames("labels", List.of());
        this.firstCells = new long[sources.size() + 1];
        StringBuilder identity = new StringBuilder(String.join("\n", genes.names()));
        DiseaseCounts diseases = DiseaseCounts.NONE;
        long withLabel = 0;
        long keptBack = 0;
        long values = 0;
        for (int i = 0; i < sources.size(); i++) {
            OpenSource source = sources.get(i);
            firstCells[i + 1] = firstCells[i] + source.cells();
            for (int cell = 0; cell < source.cells(); cell++) {
                Split split = Split.of(firstCells[i] + cell);
                values += source.length(cell);
                int label = labels.number(source.label(cell), source.path());
                if (split == Split.VALIDATION) {
                    keptBack++;
                } else {
                    diseases = diseases.plus(source.disease(cell));
                    withLabel += label == 0 ? 0 : 1;
                }
            }
            identity.append('\n')
                    .append(FileFingerprint.of(source.path()))
                    .append(source.report("").disease());
        }
        this.trained = diseases;
        this.labelled = withLabel;
        this.validation = keptBack;
        this.meanLength = (double) values / cells();
        this.hash = Sha256.of(identity.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Opens files.
     *
     * @param named files, folders and lists
     * @param identity what gene names mean
     * @throws InputException when one cannot be used, or their genes are named in different ways that {@code identity}
     *     does not bring together, or they are more than a vocabulary holds
     */
    public static FileCells open(List<CorpusSource> named, GeneIdentity identity) throws IOException {
        List<OpenSource> sources = new ArrayList<>();
        try {
            Set<Path> seen = new HashSet<>();
            for (CorpusSource source : SourceFiles.of(named).sources()) {
                if (!seen.add(source.path().toAbsolutePath().normalize())) {
                    throw InputException.about(source.path())
                            .found("is named twice; its cells would count twice")
                            .build();
                }
                sources.add(OpenSource.open(source, identity, MIN_VALUES));
            }
            GeneVocabulary genes = vocabulary(sources);
            for (OpenSource source : sources) {
                source.over(genes, identity);
            }
            return new FileCells(List.copyOf(sources), genes);
        } catch (Throwable e) {
            for (OpenSource source : sources) {
                source.close();
            }
            throw e;
        }
    }

    private static GeneVocabulary vocabulary(List<OpenSource> sources) {
        Set<IdentifierKind> kinds = EnumSet.noneOf(IdentifierKind.class);
        TreeSet<String> names = new TreeSet<>();
        for (OpenSource source : sources) {
            kinds.add(source.names().kind());
            names.addAll(source.names().canonical());
        }
        names.removeIf(String::isBlank);
        OpenSource last = sources.get(sources.size() - 1);
        if (names.isEmpty() || names.size() > GeneVocabulary.MOST_GENES) {
            throw InputException.about(last.path())
                    .found((sources.size() == 1 ? "has " : "has, with the other files, ") + names.size() + " genes")
                    .expected("1 to " + GeneVocabulary.MOST_GENES
                            + (kinds.size() > 1 ? "; the files name genes by " + kinds : ""))
                    .remedy("celllm corpus build takes only genes that enough cells express, and with --hgnc knows one"
                            + " gene under several names")
                    .build();
        }
        return new GeneVocabulary(List.copyOf(names));
    }

    @Override
    public GeneVocabulary genes() {
        return genes;
    }

    @Override
    public long cells() {
        return firstCells[sources.size()];
    }

    @Override
    public long cells(Split split) {
        return split == Split.VALIDATION ? validation : cells() - validation;
    }

    /** Cells to train on, by disease. */
    public DiseaseCounts trained() {
        return trained;
    }

    /** Cells to train on that have a label. */
    public long labelled() {
        return labelled;
    }

    /** Changes when a file, a gene or what was said of a cell's disease does. */
    public String hash() {
        return hash;
    }

    /** What each file gives. */
    public List<SourceReport> reports() {
        List<SourceReport> reports = new ArrayList<>();
        for (OpenSource source : sources) {
            reports.add(source.report(source.path().getFileName().toString()));
        }
        return reports;
    }

    @Override
    public double meanLength() {
        return meanLength;
    }

    @Override
    public int length(long cell) {
        int source = sourceOf(cell);
        return sources.get(source).length((int) (cell - firstCells[source]));
    }

    @Override
    public long[] blocks(int size) {
        long[] starts = new long
                [Math.toIntExact(sources.stream()
                                .mapToLong(s -> (s.cells() + size - 1L) / size)
                                .sum()
                        + 1)];
        int n = 0;
        for (int i = 0; i < sources.size(); i++) {
            for (long cell = firstCells[i]; cell < firstCells[i + 1]; cell += size) {
                starts[n++] = cell;
            }
        }
        starts[n] = cells();
        return starts;
    }

    /** Deals out the cells of a split in random batches. */
    public CorpusSampler sampler(Split split, long seed) {
        return new CorpusSampler(this, split, seed);
    }

    /** Some cells of a split, spread over all files, the same at every call; their numbers, ascending. */
    public long[] spread(Split split, int most) {
        return SpreadCells.of(cells(), split, most);
    }

    @Override
    public synchronized CellBatch read(long[] cells) throws IOException {
        long[] sorted = cells.clone();
        Arrays.sort(sorted);
        List<CellBatch> parts = new ArrayList<>();
        for (int from = 0; from < sorted.length; ) {
            int source = sourceOf(sorted[from]);
            int to = from;
            while (to < sorted.length && sorted[to] < firstCells[source + 1]) {
                to++;
            }
            parts.add(read(source, Arrays.copyOfRange(sorted, from, to)));
            from = to;
        }
        CellBatch all = parts.size() == 1 ? parts.get(0) : CellBatches.concat(parts);
        if (Arrays.equals(sorted, cells)) {
            return all;
        }
        int[] places = new int[cells.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = Arrays.binarySearch(sorted, cells[i]);
        }
        return CellBatches.select(all, places);
    }

    private CellBatch read(int number, long[] cells) throws IOException {
        OpenSource source = sources.get(number);
        int[] own = new int[cells.length];
        for (int i = 0; i < own.length; i++) {
            own[i] = (int) (cells[i] - firstCells[number]);
        }
        CellBatch batch = source.read(own);
        for (int i = 0; i < own.length; i++) {
            batch.disease()[i] = source.disease(own[i]).code();
            batch.label()[i] = labels.number(source.label(own[i]), source.path());
            batch.source()[i] = number;
            batch.rows()[i] = cells[i];
        }
        return batch;
    }

    private int sourceOf(long cell) {
        if (cell < 0 || cell >= cells()) {
            throw new IndexOutOfBoundsException("no cell " + cell + " of " + cells());
        }
        int at = Arrays.binarySearch(firstCells, cell);
        // Every source has cells, so no two begin at the same.
        return at >= 0 ? at : -at - 2;
    }

    @Override
    public synchronized void close() throws IOException {
        for (OpenSource source : sources) {
            source.close();
        }
    }
}
