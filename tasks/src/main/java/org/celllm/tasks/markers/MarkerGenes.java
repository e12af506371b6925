package org.celllm.tasks.markers;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.data.cells.PreparedCells;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.annotate.Annotator;
import org.celllm.tasks.baselines.Classifier;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.tasks.files.CsvText;

/**
 * The genes that carried an annotator's decisions about a file, for each label it gave: what each expressed gene of a sample
 * of the label's cells is worth ({@link GeneRemoval}), the mean over the sample.
 *
 * @param types one a label that some cell got, in the annotator's order
 */
public record MarkerGenes(List<OfType> types) {
    private static final long SAMPLE = 0x3A6;

    /**
     * The genes of one label.
     *
     * @param label its name
     * @param cells that got it, by the likeliest label
     * @param asked cells whose genes were removed
     * @param genes the most worth first
     */
    public record OfType(String label, int cells, int asked, List<Gene> genes) {
        public OfType {
            genes = List.copyOf(genes);
        }
    }

    /**
     * One gene.
     *
     * @param name as the annotator knows it
     * @param worth mean of the log-odds of the label that go with it, over all cells asked; 0 counts for those without it
     * @param expressed share of all the label's cells that express it
     */
    public record Gene(String name, double worth, double expressed) {}

    public MarkerGenes {
        types = List.copyOf(types);
    }

    /**
     * How genes are asked about.
     *
     * @param top genes kept a label
     * @param cellsPerType cells of a label whose genes are removed, drawn at random
     * @param seed of the draw
     */
    public record Settings(int top, int cellsPerType, long seed) {
        public Settings {
            if (top < 1 || cellsPerType < 1) {
                throw new IllegalArgumentException(
                        "top " + top + ", cells a type " + cellsPerType + "; each is 1 at least");
            }
        }
    }

    /**
     * Names the cells of a file and asks about their genes. Takes as long as naming one cell for every expressed gene of
     * every cell asked.
     *
     * @throws org.celllm.data.InputException when the file cannot be used, or too few of its genes are known
     */
    public static MarkerGenes find(Annotator annotator, Path path, Settings settings, Progress progress)
            throws IOException {
        PathGenes names = PathGenes.of(annotator.vocabularies());
        List<Drawn> drawn = new ArrayList<>();
        for (int c = 0; c < annotator.labels().size(); c++) {
            drawn.add(new Drawn(names.names().size(), settings.cellsPerType()));
        }
        List<BitSet> measured = name(annotator, path, names, drawn, settings.seed(), progress);
        List<OfType> types = new ArrayList<>();
        int asked = drawn.stream().mapToInt(one -> one.cells.size()).sum();
        try (Progress.Task task = progress.start("Removing genes one at a time", "cells", asked)) {
            for (int c = 0; c < drawn.size(); c++) {
                if (drawn.get(c).count > 0) {
                    types.add(ofType(annotator, names, measured, c, drawn.get(c), settings.top(), task));
                }
            }
        }
        return new MarkerGenes(types);
    }

    /** Writes a csv with the header {@code label,rank,gene,worth,expressed,cells,asked}. */
    public void write(Path out) throws IOException {
        SafeFiles.stream(out, stream -> {
            BufferedWriter text = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16);
            text.write("label,rank,gene,worth,expressed,cells,asked\n");
            for (OfType type : types) {
                int rank = 1;
                for (Gene gene : type.genes()) {
                    text.write(CsvText.quoted(type.label()) + "," + rank++ + "," + CsvText.quoted(gene.name())
                            + String.format(
                                    Locale.ROOT,
                                    ",%.6f,%.4f,%d,%d\n",
                                    gene.worth(),
                                    gene.expressed(),
                                    type.cells(),
                                    type.asked()));
                }
            }
            text.flush();
        });
    }

    /** Cells of one label: how many, which genes they express, and some drawn of them. */
    private static final class Drawn {
        private record Cell(long key, List<CellBatch> paths) {}

        private final int[] expressing;
        private final int most;
        private final List<Cell> cells = new ArrayList<>();
        private int count;

        Drawn(int genes, int most) {
            this.expressing = new int[genes];
            this.most = most;
        }

        void add(long key, List<CellBatch> paths, int i) {
            count++;
            if (cells.size() < most || key < cells.get(cells.size() - 1).key()) {
                cells.add(new Cell(
                        key,
                        paths.stream()
                                .map(batch -> CellBatches.select(batch, new int[] {i}))
                                .toList()));
                cells.sort(Comparator.comparingLong(Cell::key));
                if (cells.size() > most) {
                    cells.remove(cells.size() - 1);
                }
            }
        }
    }

    /**
     * Goes through the file once, each path reading it over its own genes.
     *
     * @return the genes of each path that the file has
     */
    private static List<BitSet> name(
            Annotator annotator, Path path, PathGenes names, List<Drawn> drawn, long seed, Progress progress)
            throws IOException {
        EmbedSettings reading = annotator.settings();
        List<CellFile> files = new ArrayList<>();
        List<PreparedCells> paths = new ArrayList<>();
        List<BitSet> measured = new ArrayList<>();
        try {
            for (int p = 0; p < annotator.vocabularies().size(); p++) {
                CellFile file = CellFile.open(path, reading.values(), reading.identity());
                files.add(file);
                GeneMapping mapping = file.map(annotator.vocabularies().get(p));
                measured.add(mapping.measured());
                paths.add(file.read(mapping, EmbeddingStream.CELLS_PER_BATCH));
            }
            int[] seen = new int[names.names().size()];
            int stamp = 0;
            try (Progress.Task task = progress.start(
                    "Naming the cells of " + path.getFileName(),
                    "cells",
                    files.get(0).cellCount())) {
                for (List<CellBatch> batch = next(paths); !batch.isEmpty(); batch = next(paths)) {
                    int[] codes = Classifier.likeliest(annotator.probabilities(batch, measured));
                    for (int i = 0; i < codes.length; i++) {
                        Drawn own = drawn.get(codes[i]);
                        count(batch, names, i, own.expressing, seen, ++stamp);
                        own.add(KeyedRandom.key(seed, SAMPLE, batch.get(0).rows()[i]), batch, i);
                    }
                    task.advance(codes.length);
                }
            }
            return measured;
        } finally {
            for (PreparedCells cells : paths) {
                cells.close();
            }
            for (CellFile file : files) {
                file.close();
            }
        }
    }

    private static List<CellBatch> next(List<PreparedCells> paths) throws IOException {
        List<CellBatch> batch = new ArrayList<>();
        for (PreparedCells path : paths) {
            CellBatch next = path.next();
            if (next != null) {
                batch.add(next);
            }
        }
        return batch;
    }

    /** Counts each gene of a cell once, whichever paths read it. */
    private static void count(List<CellBatch> batch, PathGenes names, int cell, int[] counts, int[] seen, int stamp) {
        for (int path = 0; path < batch.size(); path++) {
            CellBatch cells = batch.get(path);
            for (int i = cells.offsets()[cell]; i < cells.offsets()[cell + 1]; i++) {
                int gene = names.numbers()[path][cells.genes()[i]];
                if (seen[gene] != stamp) {
                    seen[gene] = stamp;
                    counts[gene]++;
                }
            }
        }
    }

    private static OfType ofType(
            Annotator annotator,
            PathGenes names,
            List<BitSet> measured,
            int code,
            Drawn drawn,
            int top,
            Progress.Task task) {
        double[] worth = new double[names.names().size()];
        for (Drawn.Cell cell : drawn.cells) {
            GeneRemoval removal = GeneRemoval.of(annotator, names, cell.paths(), measured, code);
            for (int i = 0; i < removal.genes().length; i++) {
                worth[removal.genes()[i]] += removal.worth()[i] / drawn.cells.size();
            }
            task.advance(1);
        }
        List<Gene> genes = IntStream.range(0, worth.length)
                .filter(gene -> worth[gene] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer gene) -> -worth[gene]))
                .limit(top)
                .map(gene ->
                        new Gene(names.names().get(gene), worth[gene], (double) drawn.expressing[gene] / drawn.count))
                .toList();
        return new OfType(annotator.labels().get(code), drawn.count, drawn.cells.size(), genes);
    }
}
