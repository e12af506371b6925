package org.celllm.data.corpus;

import java.io.IOException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneVocabulary;
import org.jspecify.annotations.Nullable;

/**
 * Numbered cells over one vocabulary that can be read in any order: of a corpus, or straight from files. What deals cells
 * out for training asks for nothing else. Thread safe.
 */
public interface CellStore extends AutoCloseable {
    /** The vocabulary that cells are given over. */
    GeneVocabulary genes();

    /** All cells; they are numbered from 0. */
    long cells();

    /** Cells of a split. */
    long cells(Split split);

    /** Mean expressed genes a cell, or what they are at most. */
    double meanLength();

    /** Expressed genes of a cell, or what they are at most. */
    int length(long cell);

    /**
     * Cells that are read together cheaply: blocks of {@code size} consecutive cells, the last of each file fewer.
     *
     * @return first cell of each block, ascending, and {@link #cells()}
     */
    long[] blocks(int size);

    /**
     * Reads cells, in the given order.
     *
     * @param cells their numbers
     * @throws IndexOutOfBoundsException when a cell does not exist
     * @throws org.celllm.data.InputException when a file is damaged, or not the one that was opened
     */
    CellBatch read(long[] cells) throws IOException;

    /**
     * Reads cells, in the given order, where the arrays of a batch that was read before and is no longer needed may be taken for
     * them: its contents are then lost.
     *
     * @param cells their numbers
     * @param spent a batch of this store, {@code null} for none
     */
    default CellBatch read(long[] cells, @Nullable CellBatch spent) throws IOException {
        return read(cells);
    }

    @Override
    void close() throws IOException;
}
