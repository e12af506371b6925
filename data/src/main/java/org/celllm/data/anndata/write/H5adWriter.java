package org.celllm.data.anndata.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.Column;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new {@code .h5ad} file in the encoding that anndata writes since 0.8. {@code X} is compressed sparse rows of
 * float32, streamed: the memory it takes is 8 bytes a cell.
 *
 * <pre>{@code
 * H5adWriter.write(Path.of("cells.h5ad"), file -> {
 *     file.var(genes);
 *     for (CellBlock block : blocks) {
 *         file.cells(block);
 *     }
 *     file.obs(cells);
 * });
 * }</pre>
 *
 * <p>Not thread safe.
 */
public final class H5adWriter {
    private static final int CHUNK = 1 << 16;
    private static final int GZIP = 1;

    private final Hdf5File file;
    private final Hdf5Group matrix;
    private final Hdf5Dataset values;
    private final Hdf5Dataset indices;
    private long[] starts = new long[1024];
    private int cells;
    private int genes = -1;
    private boolean described;
    private @Nullable Hdf5Group obsm;

    private H5adWriter(Hdf5File file) throws IOException {
        this.file = file;
        encode(file, "anndata", "0.1.0");
        matrix = file.makeGroup("X");
        encode(matrix, "csr_matrix", "0.1.0");
        values = matrix.makeGrowing("data", Hdf5Types::float32, CHUNK, GZIP);
        indices = matrix.makeGrowing("indices", Hdf5Types::int32, CHUNK, GZIP);
    }

    /** Writes what belongs into the file. */
    @FunctionalInterface
    public interface Content {
        /** Calls {@code var} once, {@code cells} for every block, then {@code obs} once. */
        void writeTo(H5adWriter file) throws IOException;
    }

    /**
     * Writes a file, which appears under its name when it is complete.
     *
     * @throws org.celllm.data.InputException when the disk is full or the place cannot be written
     */
    public static void write(Path target, Content content) throws IOException {
        SafeFiles.write(target, temporary -> {
            try (Hdf5File file = Hdf5File.create(temporary)) {
                H5adWriter writer = new H5adWriter(file);
                content.writeTo(writer);
                writer.finish();
            }
        });
    }

    /** Writes the genes. */
    public void var(AnnotationTable table) throws IOException {
        genes = table.size();
        frame("var", table);
    }

    /** Appends cells to {@code X}. */
    public void cells(CellBlock block) throws IOException {
        int count = block.offsets()[block.cells()];
        long start = values.rows();
        for (int from = 0; from < count; from += 1 << 20) {
            int piece = Math.min(1 << 20, count - from);
            values.put(block.values(), from, piece);
            indices.put(block.genes(), from, piece);
        }
        if (starts.length < cells + block.cells() + 1) {
            starts = Arrays.copyOf(starts, Math.max(starts.length * 2, cells + block.cells() + 1));
        }
        for (int i = 1; i <= block.cells(); i++) {
            starts[cells + i] = start + block.offsets()[i];
        }
        cells += block.cells();
    }

    /** Writes the cells' names and columns; after the last block. */
    public void obs(AnnotationTable table) throws IOException {
        if (table.size() != cells) {
            throw new IllegalArgumentException(table.size() + " rows describe " + cells + " cells");
        }
        described = true;
        frame("obs", table);
    }

    /**
     * Starts a matrix of {@code obsm}; after the last block of cells.
     *
     * @param name {@code X_celllm}
     * @param columns its width
     */
    public EmbeddingRows obsm(String name, int columns) throws IOException {
        if (obsm == null) {
            obsm = file.makeGroup("obsm");
            encode(obsm, "dict", "0.1.0");
        }
        Hdf5Dataset dataset = obsm.makeDataset(name, Hdf5Types::float32, cells, columns);
        encode(dataset, "array", "0.2.0");
        return new EmbeddingRows(dataset, cells, columns);
    }

    /** Writes texts to {@code uns}, such as where the cells come from. */
    public void uns(Map<String, String> texts) throws IOException {
        try (Hdf5Group uns = file.makeGroup("uns")) {
            encode(uns, "dict", "0.1.0");
            for (Map.Entry<String, String> text : texts.entrySet()) {
                uns.text(text.getKey(), text.getValue());
            }
        }
    }

    private void finish() throws IOException {
        if (genes < 0 || !described) {
            throw new IllegalStateException("genes or cells were not described");
        }
        values.close();
        indices.close();
        long nonzeros = starts[cells];
        // As scipy: 64-bit offsets only where 32 bits do not do.
        boolean wide = nonzeros > Integer.MAX_VALUE;
        try (Hdf5Dataset indptr =
                matrix.makeDataset("indptr", wide ? Hdf5Types::int64 : Hdf5Types::int32, cells + 1L)) {
            indptr.put(starts, 0, cells + 1);
        }
        matrix.attribute("shape", cells, genes);
        matrix.close();
        if (obsm != null) {
            obsm.close();
        }
        for (String name : List.of("layers", "obsm", "obsp", "uns", "varm", "varp")) {
            if (!file.has(name)) {
                try (Hdf5Group empty = file.makeGroup(name)) {
                    encode(empty, "dict", "0.1.0");
                }
            }
        }
    }

    private void frame(String name, AnnotationTable table) throws IOException {
        try (Hdf5Group group = file.makeGroup(name)) {
            encode(group, "dataframe", "0.2.0");
            String index = table.column("_index") == null ? "_index" : "cell";
            group.attribute("_index", index);
            group.attribute("column-order", new ArrayList<>(table.columns().keySet()));
            group.texts(index, table.names(), "string-array");
            for (Map.Entry<String, Column> column : table.columns().entrySet()) {
                ColumnWriter.write(group, column.getKey(), column.getValue());
            }
        }
    }

    private static void encode(Hdf5Object object, String type, String version) throws IOException {
        object.attribute("encoding-type", type);
        object.attribute("encoding-version", version);
    }
}
