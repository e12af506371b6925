import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.anndata.write.EmbeddingRows;
import org.celllm.data.anndata.write.H5adAppender;
import org.celllm.data.anndata.write.H5adWriter;
import org.celllm.data.corpus.CorpusBuilder;
import org.celllm.data.corpus.CorpusSettings;
import org.celllm.data.corpus.CorpusSource;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.Column;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;

/** Writes the files that the Python side reads: append LIST, write FILE, simulate FILE CELLS GENES, corpus OUT FILE. */
final class InteropFiles {
    private InteropFiles() {}

    public static void main(String[] arguments) throws IOException {
        switch (arguments[0]) {
            case "append" -> append(Path.of(arguments[1]));
            case "write" -> write(Path.of(arguments[1]));
            case "simulate" -> new Simulator(SimulationSettings.of(Integer.parseInt(arguments[2]), 1)
                            .withGenes(Integer.parseInt(arguments[3])))
                    .write(Path.of(arguments[1]), Progress.SILENT);
            case "corpus" -> corpus(arguments);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** LIST has lines BEFORE tab AFTER; a file that we do not read is left out with its reason. */
    private static void append(Path list) throws IOException {
        for (String line : Files.readAllLines(list)) {
            Path before = Path.of(line.split("\t")[0]);
            Path after = Path.of(line.split("\t")[1]);
            try {
                H5adAppender.append(before, after, InteropFiles::add);
            } catch (InputException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }

    /** Values that compare.py knows how to make too. */
    private static void add(H5adAppender file) throws IOException {
        int cells = file.cells();
        int width = 8;
        float[] rows = new float[cells * width];
        double[] fractions = new double[cells];
        double[] ranks = new double[cells];
        String[] labels = new String[cells];
        for (int i = 0; i < cells; i++) {
            for (int j = 0; j < width; j++) {
                rows[i * width + j] = i + j / 16f;
            }
            fractions[i] = i % 5 == 4 ? Double.NaN : i / (double) cells;
            ranks[i] = cells - i;
            labels[i] = i % 7 == 6 ? null : "läbel " + i % 3;
        }
        try (EmbeddingRows embedding = file.obsm("X_celllm", width)) {
            int half = cells / 2;
            embedding.put(rows, half);
            embedding.put(Arrays.copyOfRange(rows, half * width, cells * width), cells - half);
        }
        file.obs("celllm_mapped_fraction", new Column.Numeric(fractions, false));
        file.obs("celllm_rank", new Column.Numeric(ranks, true));
        file.obs("celllm_label", new Column.Text(labels));
    }

    /** A new file with every kind of column; check_written.py knows the values. */
    private static void write(Path target) throws IOException {
        int cells = 1000;
        int genes = 50;
        H5adWriter.write(target, file -> {
            file.var(new AnnotationTable(names("gene", genes), Map.of("chosen", new Column.Logical(truths(genes, 0)))));
            for (int first = 0; first < cells; first += 100) {
                file.cells(block(first, 100, genes));
            }
            file.obs(new AnnotationTable(names("zelle-ü", cells), columns(cells)));
            try (EmbeddingRows embedding = file.obsm("X_one", 1)) {
                float[] values = new float[cells];
                for (int i = 0; i < cells; i++) {
                    values[i] = i;
                }
                embedding.put(values, cells);
            }
            file.uns(Map.of("origin", "interop ✓"));
        });
    }

    private static CellBlock block(int first, int cells, int genes) {
        int[] offsets = new int[cells + 1];
        int[] columns = new int[cells * genes];
        float[] values = new float[cells * genes];
        int n = 0;
        for (int i = 0; i < cells; i++) {
            for (int gene = 0; gene < genes; gene++) {
                if ((first + i + gene) % 3 == 0) {
                    columns[n] = gene;
                    values[n++] = first + i + gene + 1;
                }
            }
            offsets[i + 1] = n;
        }
        return new CellBlock(first, cells, offsets, columns, values);
    }

    private static Map<String, Column> columns(int cells) {
        String[] texts = new String[cells];
        String[] gaps = new String[cells];
        double[] whole = new double[cells];
        double[] broken = new double[cells];
        int[] codes = new int[cells];
        for (int i = 0; i < cells; i++) {
            texts[i] = "text " + i;
            gaps[i] = i % 4 == 3 ? null : "gap " + i % 2;
            whole[i] = i * 1000L;
            broken[i] = i % 4 == 3 ? Double.NaN : i / 8.0;
            codes[i] = i % 4 - 1;
        }
        Map<String, Column> columns = new LinkedHashMap<>();
        columns.put("texts", new Column.Text(texts));
        columns.put("gaps", new Column.Text(gaps));
        columns.put("whole", new Column.Numeric(whole, true));
        columns.put("broken", new Column.Numeric(broken, false));
        columns.put("codes", new Column.Categorical(codes, List.of("a", "b", "c")));
        columns.put("truths", new Column.Logical(truths(cells, 0)));
        columns.put("maybe", new Column.Logical(truths(cells, 1)));
        return columns;
    }

    private static byte[] truths(int n, int gaps) {
        byte[] truths = new byte[n];
        for (int i = 0; i < n; i++) {
            truths[i] = (byte) (i % 4 == 3 && gaps == 1 ? -1 : i % 2);
        }
        return truths;
    }

    private static List<String> names(String stem, int n) {
        String[] names = new String[n];
        for (int i = 0; i < n; i++) {
            names[i] = stem + " " + i;
        }
        return List.of(names);
    }

    private static void corpus(String[] arguments) throws IOException {
        List<CorpusSource> sources = Arrays.stream(arguments)
                .skip(2)
                .map(file -> CorpusSource.of(Path.of(file)).withDiseaseColumn("disease"))
                .toList();
        CorpusBuilder.build(sources, Path.of(arguments[1]), CorpusSettings.DEFAULT.replacing(), Progress.SILENT);
    }
}
