package org.celllm.data.tenx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.hdf5.CompressedRowCells;
import org.celllm.data.hdf5.Hdf5Dataset;
import org.celllm.data.hdf5.Hdf5File;
import org.celllm.data.hdf5.Hdf5Group;
import org.celllm.data.hdf5.Hdf5Values;
import org.celllm.data.hdf5.SparseParts;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.Column;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.MatrixSlot;
import org.jspecify.annotations.Nullable;

/**
 * A CellRanger {@code .h5} file: one group named by its genome (versions 1 and 2), or the group {@code matrix} with a
 * table of features (version 3 and later).
 */
public final class TenxH5File implements ExpressionFile {
    private final Hdf5File file;
    private final String format;
    private final SparseParts parts;
    private final int storedGenes;
    private final MatrixSlot slot;
    private final AnnotationTable cells;
    private final Features features;

    private TenxH5File(Hdf5File file, String name, Hdf5Group group) {
        this.file = file;
        Hdf5Group table = group.group("features");
        this.format = format(file, name, table != null);
        this.parts = SparseParts.of(group);
        long[] shape = Hdf5Values.longs(group.requireDataset("shape"));
        this.cells = new AnnotationTable(names(group.requireDataset("barcodes")), Map.of());
        this.features = Features.of(table == null ? versionTwo(group) : versionThree(table));
        int stored = features.kept() == null ? features.genes().size() : features.kept().length;
        if (shape.length != 2 || shape[0] != stored || shape[1] != cells.size()) {
            throw InputException.about(file.path())
                    .at(group.placeOf("shape"))
                    .found("is " + Arrays.toString(shape))
                    .expected(stored + " features × " + cells.size() + " barcodes, as their lists have")
                    .remedy("The file is damaged: copy or download it again")
                    .build();
        }
        if (stored == 0 || cells.size() == 0) {
            throw InputException.about(file.path())
                    .at(group.place())
                    .found("has " + stored + " genes and " + cells.size() + " cells")
                    .expected("at least one of each")
                    .build();
        }
        this.storedGenes = stored;
        this.slot = new MatrixSlot(
                "matrix",
                cells.size(),
                features.genes().size(),
                MatrixSlot.Layout.CSR,
                parts.data().type().word(),
                parts.nonzeros());
        parts.pointers(cells.size());
    }

    @Override
    public int @Nullable [] storedValues(MatrixSlot slot) {
        return parts.counts(cells.size());
    }

    /** Whether an HDF5 file is of 10x: a group of it holds barcodes beside a sparse matrix. */
    public static boolean recognises(Hdf5File file) {
        return !matrices(file).isEmpty();
    }

    /**
     * Reads names and shapes.
     *
     * @param file stays open until this is closed
     */
    public static TenxH5File of(Hdf5File file) {
        List<String> names = matrices(file);
        if (names.size() > 1) {
            throw InputException.about(file.path())
                    .found("holds the matrices of several genomes: " + String.join(", ", names))
                    .expected("one")
                    .remedy("In Python: scanpy.read_10x_h5(path, genome=\"" + names.get(0)
                            + "\").write_h5ad(\"cells.h5ad\")")
                    .build();
        }
        Hdf5Group group = file.root().group(names.get(0));
        if (group == null) {
            throw new IllegalArgumentException("not a 10x file");
        }
        return new TenxH5File(file, names.get(0), group);
    }

    private static List<String> matrices(Hdf5File file) {
        List<String> names = new ArrayList<>();
        for (String name : file.root().names()) {
            Hdf5Group group = file.root().group(name);
            if (group != null
                    && group.has("indptr")
                    && group.has("barcodes")
                    && (group.has("features") || group.has("genes"))) {
                names.add(name);
            }
        }
        return names;
    }

    private static String format(Hdf5File file, String group, boolean features) {
        if (!features) {
            return "10x h5 (CellRanger 1 or 2, genome " + group + ")";
        }
        String software = file.root().attributes().string("software_version");
        return "10x h5 ("
                + (software == null ? "CellRanger 3 or later" : software.replace("cellranger-", "CellRanger ")) + ")";
    }

    private static List<String> names(Hdf5Dataset dataset) {
        dataset.length();
        List<String> names = new ArrayList<>();
        for (@Nullable String name : Hdf5Values.strings(dataset)) {
            names.add(name == null ? "" : name);
        }
        return names;
    }

    private static AnnotationTable versionTwo(Hdf5Group group) {
        List<String> ids = names(group.requireDataset("genes"));
        Hdf5Dataset symbols = group.dataset("gene_names");
        Map<String, Column> columns = new LinkedHashMap<>();
        columns.put("gene_ids", new Column.Text(ids.toArray(new String[0])));
        return table(group, symbols == null ? ids : names(symbols), columns);
    }

    private static AnnotationTable versionThree(Hdf5Group group) {
        List<String> ids = names(group.requireDataset("id"));
        Map<String, Column> columns = new LinkedHashMap<>();
        for (String name : group.names()) {
            Hdf5Dataset dataset = group.dataset(name);
            boolean column = dataset != null
                    && dataset.shape().length == 1
                    && dataset.length() == ids.size()
                    && dataset.type().textual()
                    && !name.startsWith("_");
            if (dataset != null && column && !name.equals("name")) {
                columns.put(columnName(name), new Column.Text(Hdf5Values.strings(dataset)));
            }
        }
        return table(group, names(group.requireDataset("name")), columns);
    }

    /** The names that scanpy gives to the columns, so that files read alike from either side. */
    private static String columnName(String stored) {
        return switch (stored) {
            case "id" -> "gene_ids";
            case "feature_type" -> Features.TYPES;
            default -> stored;
        };
    }

    private static AnnotationTable table(Hdf5Group group, List<String> names, Map<String, Column> columns) {
        for (Map.Entry<String, Column> column : columns.entrySet()) {
            if (column.getValue().size() != names.size()) {
                throw InputException.about(group.file().path())
                        .at(group.place())
                        .found("there are " + names.size() + " gene names, but "
                                + column.getValue().size() + " " + column.getKey())
                        .remedy("The file is damaged: copy or download it again")
                        .build();
            }
        }
        return new AnnotationTable(names, columns);
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public String format() {
        return format;
    }

    @Override
    public List<String> remarks() {
        return features.remark() == null ? List.of() : List.of(features.remark());
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
        return new CompressedRowCells(parts, slot.cells(), storedGenes, features.kept(), cellsPerBlock);
    }

    @Override
    public CellBlock pick(MatrixSlot asked, int[] rows) throws IOException {
        try (CellReader reader = read(asked, 1)) {
            return CellReader.pick(reader, rows);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
