package org.celllm.data.matrix;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the cells of one slot in order, in blocks, in bounded memory whatever the size of the file. */
public interface CellReader extends AutoCloseable {
    /**
     * The next block, or {@code null} after the last cell. A block is the caller's to keep.
     *
     * @throws org.celllm.data.InputException when the file is damaged, with the place
     */
    @Nullable
    CellBlock next() throws IOException;

    /**
     * Moves on, so that the next block starts at {@code cell}. Cheap where cells are stored one after another.
     *
     * @param cell at or after the cell that would come next
     */
    void skipTo(int cell) throws IOException;

    /**
     * Reads a few cells, moving on from one to the next.
     *
     * @param rows cells, ascending
     * @return the cells of {@code rows} in that order, numbered from 0
     */
    static CellBlock pick(CellReader reader, int[] rows) throws IOException {
        CellBlocks picked = new CellBlocks(rows.length, 1 << 16);
        CellBlock held = null;
        for (int row : rows) {
            if (held == null || row >= held.firstCell() + held.cells()) {
                reader.skipTo(row);
                held = reader.next();
                if (held == null || held.firstCell() != row) {
                    throw new IllegalArgumentException("no cell " + row);
                }
                picked.addMissing(held.missing());
            }
            int cell = row - held.firstCell();
            for (int i = held.offsets()[cell]; i < held.offsets()[cell + 1]; i++) {
                picked.add(held.genes()[i], held.values()[i]);
            }
            picked.endCell();
        }
        return picked.build(0);
    }

    @Override
    void close() throws IOException;
}
