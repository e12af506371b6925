package org.celllm.data.anndata.write;

import java.io.IOException;

/** A matrix of {@code obsm} that is being written, from the first cell to the last. */
public final class EmbeddingRows implements AutoCloseable {
    private final RowSink sink;
    private final int cells;
    private final int columns;
    private int written;

    EmbeddingRows(RowSink sink, int cells, int columns) {
        this.sink = sink;
        this.cells = cells;
        this.columns = columns;
    }

    /**
     * Writes the next cells.
     *
     * @param values [rows, columns] row by row; a tail beyond that is not read
     * @param rows how many cells
     */
    public void put(float[] values, int rows) throws IOException {
        if (rows > cells - written) {
            throw new IllegalArgumentException((written + rows) + " rows for " + cells + " cells");
        }
        // In pieces, because the library's copy of them lies outside the heap.
        int piece = Math.max(1, (1 << 20) / Math.max(1, columns));
        for (int row = 0; row < rows; row += piece) {
            int count = Math.min(piece, rows - row);
            sink.put(values, row * columns, count * columns);
        }
        written += rows;
    }

    /**
     * Ends the matrix.
     *
     * @throws IllegalStateException when cells are missing
     */
    @Override
    public void close() throws IOException {
        sink.close();
        if (written != cells) {
            throw new IllegalStateException(written + " rows written for " + cells + " cells");
        }
    }
}
