package org.celllm.tasks.embed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.celllm.data.anndata.write.EmbeddingRows;
import org.celllm.data.anndata.write.H5adAppender;
import org.celllm.data.anndata.write.H5adWriter;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.Column;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.MatrixSlot;

/**
 * A copy of the user's file with more in it. An {@code .h5ad} file keeps everything it has; cells of another format are
 * put into a new {@code .h5ad} file with the slot that was read as {@code X}, in float32.
 */
public final class EnrichedFile {
    private static final int CELLS_PER_BLOCK = 4096;

    private EnrichedFile() {}

    /** What is added. */
    public interface Additions {
        /** Starts a matrix of {@code obsm} with a row for every cell, in the file's order. */
        EmbeddingRows obsm(String name, int width) throws IOException;

        /** Adds a column of {@code obs}. */
        void obs(String name, Column column) throws IOException;
    }

    /** Adds it. */
    @FunctionalInterface
    public interface Content {
        /** Adds matrices first, then columns. */
        void addTo(Additions additions) throws IOException;
    }

    private static boolean isAnnData(CellFile source) {
        return source.file().format().startsWith("AnnData");
    }

    /**
     * Writes the copy; nothing appears under its name before it is whole.
     *
     * @param source open; it is read here, and may be read by {@code content}
     * @throws org.celllm.data.InputException when the disk is full or the place cannot be written
     */
    public static void write(CellFile source, Path target, Content content) throws IOException {
        if (isAnnData(source)) {
            H5adAppender.append(
                    source.path(),
                    target,
                    copy -> content.addTo(new Additions() {
                        @Override
                        public EmbeddingRows obsm(String name, int width) throws IOException {
                            return copy.obsm(name, width);
                        }

                        @Override
                        public void obs(String name, Column column) {
                            copy.obs(name, column);
                        }
                    }));
            return;
        }
        H5adWriter.write(target, made -> {
            copyCells(source.file(), source.choice().slot(), made);
            AnnotationTable cells = source.cells();
            Map<String, Column> columns = new LinkedHashMap<>(cells.columns());
            content.addTo(new Additions() {
                @Override
                public EmbeddingRows obsm(String name, int width) throws IOException {
                    return made.obsm(name, width);
                }

                @Override
                public void obs(String name, Column column) {
                    columns.put(name, column);
                }
            });
            made.obs(new AnnotationTable(cells.names(), columns));
        });
    }

    private static void copyCells(ExpressionFile file, MatrixSlot slot, H5adWriter made) throws IOException {
        made.var(file.genes(slot));
        try (CellReader reader = file.read(slot, CELLS_PER_BLOCK)) {
            for (CellBlock block = reader.next(); block != null; block = reader.next()) {
                made.cells(block);
            }
        }
    }
}
