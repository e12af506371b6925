package org.celllm.data.matrix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open file (or folder) of single-cell expression, of whatever format: the one interface that everything
 * downstream reads from. Opening reads names and shapes only; values are streamed.
 *
 * <p>Not thread safe; open the file twice to read it twice at once.
 */
public interface ExpressionFile extends AutoCloseable {
    /** The path as the user gave it. */
    Path path();

    /** Format and dialect for people: {@code "AnnData h5ad (anndata 0.8 encoding)"}. */
    String format();

    /** What the reader decided or noticed and a person should know, such as {@code "genes stand in rows"}. */
    List<String> remarks();

    /** The matrices the file holds, at least one, {@code X} first where there is one. */
    List<MatrixSlot> slots();

    /** Cell names and per-cell columns ({@code obs}). */
    AnnotationTable cells();

    /** How many cells there are; cheaper than {@link #cells()} where those are not in memory yet. */
    default int cellCount() {
        return cells().size();
    }

    /**
     * Names of some cells, without those of the others where the format allows it.
     *
     * @param from the first
     * @param count how many
     */
    default List<String> cellNames(int from, int count) {
        return cells().names().subList(from, from + count);
    }

    /** Gene names and per-gene columns ({@code var}) of a slot; those of {@code raw} are its own. */
    AnnotationTable genes(MatrixSlot slot);

    /**
     * Streams a slot cell by cell.
     *
     * @param slot one of {@link #slots()}
     * @param cellsPerBlock cells a block at most; a block may hold fewer
     */
    CellReader read(MatrixSlot slot, int cellsPerBlock) throws IOException;

    /**
     * Reads a few cells, such as a sample spread over the file.
     *
     * @param slot one of {@link #slots()}
     * @param rows cells, ascending
     * @return the cells of {@code rows} in that order, numbered from 0
     */
    CellBlock pick(MatrixSlot slot, int[] rows) throws IOException;

    /**
     * How many values of each cell a slot stores, where that is known without reading them.
     *
     * @param slot one of {@link #slots()}
     * @return [cells], the caller's to keep; {@code null} where the slot is not stored cell by cell
     */
    default int @Nullable [] storedValues(MatrixSlot slot) throws IOException {
        return null;
    }

    @Override
    void close() throws IOException;
}
