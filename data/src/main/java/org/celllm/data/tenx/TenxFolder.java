package org.celllm.data.tenx;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;
import org.celllm.data.InputException;
import org.celllm.data.files.TextFiles;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellRangePasses;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.Column;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.MatrixSlot;

/**
 * A folder with {@code matrix.mtx}, {@code barcodes.tsv} and {@code genes.tsv} (CellRanger 1 and 2) or
 * {@code features.tsv} (3 and later), gzipped or not.
 */
public final class TenxFolder implements ExpressionFile {
    private final TenxFiles files;
    private final AnnotationTable cells;
    private final Features features;
    private final MatrixMarket matrix;
    private final MatrixSlot slot;
    private final boolean cellsInRows;

    private TenxFolder(TenxFiles files) throws IOException {
        this.files = files;
        this.cells = new AnnotationTable(List.copyOf(firstFields(files.barcodes())), Map.of());
        this.features = Features.of(features(files.features()));
        MatrixMarket.Head head = MatrixMarket.head(files.matrix());
        int stored = features.kept() == null ? features.genes().size() : features.kept().length;
        boolean usual = head.rows() == stored && head.columns() == cells.size();
        boolean transposed = head.columns() == stored && head.rows() == cells.size();
        if (!usual && !transposed) {
            throw InputException.about(files.matrix())
                    .at("line 2")
                    .found("is " + head.rows() + " × " + head.columns())
                    .expected(stored + " × " + cells.size() + ", as many as lines in "
                            + files.features().getFileName() + " and "
                            + files.barcodes().getFileName())
                    .remedy("The three files do not belong together, or one was cut: copy them again")
                    .build();
        }
        if (cells.size() == 0 || stored == 0) {
            throw InputException.about(files.matrix())
                    .found("has " + stored + " genes and " + cells.size() + " cells")
                    .expected("at least one of each")
                    .build();
        }
        this.cellsInRows = !usual;
        this.matrix = new MatrixMarket(files.matrix(), head, cellsInRows, features.kept());
        this.slot = new MatrixSlot(
                "matrix",
                cells.size(),
                features.genes().size(),
                MatrixSlot.Layout.COORDINATE,
                head.type(),
                head.entries());
    }

    /** Whether these first bytes of an unpacked file are those of a MatrixMarket file. */
    public static boolean isMatrixMarket(byte[] text) {
        return MatrixMarket.recognises(text);
    }

    /**
     * Opens a folder, or the only one inside it.
     *
     * @throws InputException when one of the three files is missing or they do not belong together
     */
    public static TenxFolder open(Path folder) throws IOException {
        return new TenxFolder(TenxFiles.in(folder));
    }

    /** Opens the folder, or the prefix of file names, that a {@code matrix.mtx} belongs to. */
    public static TenxFolder ofMatrix(Path matrix) throws IOException {
        return new TenxFolder(TenxFiles.beside(matrix));
    }

    private static List<String> firstFields(Path file) throws IOException {
        List<String> names = new ArrayList<>();
        for (String[] fields : rows(file)) {
            names.add(fields[0]);
        }
        return names;
    }

    private static AnnotationTable features(Path file) throws IOException {
        List<String> names = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (String[] fields : rows(file)) {
            ids.add(fields[0]);
            names.add(fields.length > 1 && !fields[1].isEmpty() ? fields[1] : fields[0]);
            types.add(fields.length > 2 ? fields[2] : "");
        }
        Map<String, Column> columns = new LinkedHashMap<>();
        columns.put("gene_ids", new Column.Text(ids.toArray(new String[0])));
        if (types.stream().anyMatch(type -> !type.isEmpty())) {
            columns.put(Features.TYPES, new Column.Text(types.toArray(new String[0])));
        }
        return new AnnotationTable(List.copyOf(names), columns);
    }

    private static List<String[]> rows(Path file) throws IOException {
        List<String[]> rows = new ArrayList<>();
        try (BufferedReader lines = TextFiles.reader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    rows.add(line.split("\t", -1));
                }
            }
        } catch (EOFException | ZipException damaged) {
            throw TextFiles.damagedGzip(file, damaged);
        }
        return rows;
    }

    @Override
    public Path path() {
        return files.given();
    }

    @Override
    public String format() {
        return "10x folder (" + files.version() + ")";
    }

    @Override
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (features.remark() != null) {
            remarks.add(features.remark());
        }
        if (cellsInRows) {
            remarks.add("cells stand in the rows of the matrix, which is not how 10x writes it");
        }
        return remarks;
    }

    @Override
    public List<MatrixSlot> slots() {
        return List.of(slot);
    }

    @Override
    public AnnotationTable cells() {
        return cells;
    }

    @Override
    public AnnotationTable genes(MatrixSlot asked) {
        return features.genes();
    }

    @Override
    public CellReader read(MatrixSlot asked, int cellsPerBlock) throws IOException {
        return new CellRangePasses(matrix, slot.cells(), cellsPerBlock, CellRangePasses.budgetOfHeap());
    }

    @Override
    public CellBlock pick(MatrixSlot asked, int[] rows) throws IOException {
        return CellRangePasses.pick(matrix, rows, slot.cells());
    }

    @Override
    public void close() {
        // Every reader opens the files for itself.
    }
}
