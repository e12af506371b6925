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

    @Override
    void close() throws IOException;
}
