package org.celllm.data.anndata.write;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.matrix.Column;

/**
 * Adds embeddings ({@code obsm}) and columns ({@code obs}) to a copy of a user's {@code .h5ad} file. Everything else
 * stays as it was, in the dialect it was written in:
 *
 * <ul>
 *   <li>anndata 0.8 and later: objects say their encoding;
 *   <li>anndata 0.7: categories stand in {@code obs/__categories};
 *   <li>before 0.7: {@code obs} and {@code obsm} are compound datasets. They are written anew with more fields, the old
 *       fields byte by byte, and categories go to {@code uns}, where both old and new versions of anndata look for them.
 * </ul>
 *
 * <p>What is there already under the name of something added is replaced. The file is read in pure Java first, so a
 * damaged one is refused before the native library sees it; it is copied with plain writes, and appears under its new
 * name when it is complete and has been read back.
 *
 * <pre>{@code
 * H5adAppender.append(in, out, file -> {
 *     try (EmbeddingRows rows = file.obsm("X_celllm", 128)) {
 *         rows.put(values, file.cells());
 *     }
 *     file.obs("celllm_mapped_fraction", new Column.Numeric(fractions, false));
 * });
 * }</pre>
 *
 * <p>Not thread safe.
 */
public final class H5adAppender {
    private static final int COPY_BYTES = 1 << 20;

    private final Hdf5File file;
    private final H5adLayout layout;
    private final Map<String, Column> columns = new LinkedHashMap<>();

    private H5adAppender(Hdf5File file, H5adLayout layout) {
        this.file = file;
        this.layout = layout;
    }

    /** Adds what is to be added. */
    @FunctionalInterface
    public interface Content {
        /** Calls {@code obsm} and {@code obs} as often as it likes. */
        void writeTo(H5adAppender file) throws IOException;
    }

    /**
     * Copies a file and adds to the copy.
     *
     * @param source file of any version of anndata
     * @param target where the copy goes; may be the source itself
     * @param content what to add
     * @throws InputException when the source is not an AnnData file, is damaged, or the disk is full: nothing is left
     */
    public static void append(Path source, Path target, Content content) throws IOException {
        H5adLayout layout = H5adLayout.of(source);
        SafeFiles.write(target, temporary -> {
            copy(source, temporary);
            try (Hdf5File file = Hdf5File.append(temporary)) {
                H5adAppender appender = new H5adAppender(file, layout);
                content.writeTo(appender);
                appender.finish();
            } catch (Hdf5Exception e) {
                if (e.isFullDisk()) {
                    throw e;
                }
                throw unusable(source, e);
            }
            H5adLayout.of(temporary);
        });
    }

    /** Cells of the file, which is how many rows everything added must have. */
    public int cells() {
        return layout.cells();
    }

    /**
     * Starts a matrix of {@code obsm}, float32.
     *
     * @param name {@code X_celllm}
     * @param width its columns
     */
    public EmbeddingRows obsm(String name, int width) throws IOException {
        if (layout.obsm() == H5adLayout.Matrices.COMPOUND) {
            Hdf5Group.Type row = () -> Hdf5Types.rowOfFloats(width);
            CompoundExtension extension = CompoundExtension.extend(file, "obsm", Map.of(name, row));
            return new EmbeddingRows(new CompoundRows(extension, name, width), cells(), width);
        }
        try (Hdf5Group obsm = file.has("obsm") ? file.openGroup("obsm") : makeObsm()) {
            if (obsm.has(name)) {
                obsm.delete(name);
            }
            Hdf5Dataset dataset = obsm.makeDataset(name, Hdf5Types::float32, cells(), width);
            if (layout.encoded()) {
                dataset.attribute("encoding-type", "array");
                dataset.attribute("encoding-version", "0.2.0");
            }
            return new EmbeddingRows(dataset, cells(), width);
        }
    }

    private Hdf5Group makeObsm() throws IOException {
        Hdf5Group obsm = file.makeGroup("obsm");
        if (layout.encoded()) {
            obsm.attribute("encoding-type", "dict");
            obsm.attribute("encoding-version", "0.1.0");
        }
        return obsm;
    }

    /** Adds a column of {@code obs}; it is written at the end. */
    public void obs(String name, Column column) {
        if (column.size() != cells()) {
            throw new IllegalArgumentException(column.size() + " rows for " + cells() + " cells");
        }
        if (name.indexOf('/') >= 0 || name.isEmpty() || name.equals(ColumnWriter.CATEGORIES)) {
            throw new IllegalArgumentException("'" + name + "' cannot be a column");
        }
        columns.put(name, column);
    }

    private void finish() throws IOException {
        if (columns.isEmpty()) {
            return;
        }
        if (layout.obs() == H5adLayout.Frame.COMPOUND) {
            CompoundObs.write(file, layout, columns);
            return;
        }
        try (Hdf5Group obs = file.openGroup("obs")) {
            List<String> order = new ArrayList<>(layout.columns());
            for (Map.Entry<String, Column> column : columns.entrySet()) {
                replace(obs, column.getKey());
                if (layout.obs() == H5adLayout.Frame.ENCODED) {
                    ColumnWriter.write(obs, column.getKey(), column.getValue());
                } else {
                    ColumnWriter.writeReferenced(obs, column.getKey(), column.getValue());
                }
                if (!order.contains(column.getKey())) {
                    order.add(column.getKey());
                }
            }
            obs.attribute("column-order", order);
        }
    }

    private static void replace(Hdf5Group obs, String name) throws IOException {
        if (obs.has(name)) {
            obs.delete(name);
        }
        if (obs.has(ColumnWriter.CATEGORIES)) {
            try (Hdf5Group categories = obs.openGroup(ColumnWriter.CATEGORIES)) {
                if (categories.has(name)) {
                    categories.delete(name);
                }
            }
        }
    }

    /** Plain writes, and not {@code Files.copy}: that would also copy a read-only mode. */
    private static void copy(Path source, Path target) throws IOException {
        try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long size = from.size();
            for (long at = 0; at < size; ) {
                long copied = from.transferTo(at, Math.min(COPY_BYTES, size - at), to);
                if (copied <= 0) {
                    throw new IOException(source + " became shorter while it was copied");
                }
                at += copied;
            }
        }
    }

    private static InputException unusable(Path source, Hdf5Exception e) {
        return InputException.about(source)
                .found("cannot be added to: " + e.getMessage())
                .remedy("Write it again with anndata: anndata.read_h5ad(path).write_h5ad(other)")
                .build(e);
    }

    /** A field of the compound dataset {@code obsm}. */
    private static final class CompoundRows implements RowSink {
        private final CompoundExtension extension;
        private final String field;
        private final int width;
        private long row;

        CompoundRows(CompoundExtension extension, String field, int width) {
            this.extension = extension;
            this.field = field;
            this.width = width;
        }

        @Override
        public void put(float[] values, int offset, int count) throws IOException {
            long rows = count / width;
            extension.put(field, () -> Hdf5Types.rowOfFloats(width), row, rows, () -> {
                FloatPointer pointer = new FloatPointer((long) count);
                return pointer.put(values, offset, count);
            });
            row += rows;
        }

        @Override
        public void close() {}
    }
}
