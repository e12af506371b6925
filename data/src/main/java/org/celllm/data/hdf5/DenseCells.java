package org.celllm.data.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.celllm.data.InputException;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellBlocks;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.HeapShare;
import org.jspecify.annotations.Nullable;

/**
 * Streams cells from a dense cells × genes dataset. Rows are read as many at a time as a chunk is high, or as fit
 * an eighth of the heap, whichever is less.
 */
public final class DenseCells implements CellReader {
    private static final int MOST_VALUES = 1 << 22;

    private final Hdf5Dataset dataset;
    private final int cells;
    private final int genes;
    private final int cellsPerBlock;
    private final int windowRows;
    private final float[] row;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private int windowFrom;
    private int windowTo;
    private int cell;

    /**
     * @param dataset [cells, genes] numbers
     * @param cellsPerBlock cells a block at most
     */
    public DenseCells(Hdf5Dataset dataset, int cellsPerBlock) {
        this.dataset = dataset;
        this.cells = (int) dataset.shape()[0];
        this.genes = (int) dataset.shape()[1];
        this.cellsPerBlock = cellsPerBlock;
        this.row = new float[genes];
        int chunkRows = dataset.chunk().length == 2 ? dataset.chunk()[0] : 1;
        int fitting = (int) Math.max(
                1, windowBytes() / Math.max(1L, (long) genes * dataset.type().bytes()));
        int wanted = Math.min(fitting, Math.max(chunkRows, cellsPerBlock));
        this.windowRows = wanted >= chunkRows ? wanted / chunkRows * chunkRows : wanted;
    }

    @Override
    public @Nullable CellBlock next() throws IOException {
        if (cell >= cells) {
            return null;
        }
        int first = cell;
        CellBlocks block = new CellBlocks(Math.min(cellsPerBlock, cells - first), genes);
        while (cell < cells && cell - first < cellsPerBlock && block.size() <= MOST_VALUES - genes) {
            readCell(block);
        }
        if (cell == first) {
            readCell(block);
        }
        return block.build(first);
    }

    private void readCell(CellBlocks block) {
        if (cell >= windowTo || cell < windowFrom) {
            // Windows start at chunk borders, so that no chunk is decompressed twice on the way.
            windowFrom = cell / windowRows * windowRows;
            windowTo = (int) Math.min(cells, (long) windowFrom + windowRows);
            window = dataset.slice(new long[] {windowFrom, 0}, new int[] {windowTo - windowFrom, genes});
        }
        int at =
                window.position() + (cell - windowFrom) * genes * dataset.type().bytes();
        dataset.type().floats(window.duplicate().position(at).slice(), genes, row, 0);
        for (int gene = 0; gene < genes; gene++) {
            float value = row[gene];
            if (Float.isInfinite(value)) {
                throw infinite(dataset, cell);
            }
            block.add(gene, value);
        }
        block.endCell();
        cell++;
    }

    /** Bytes of a window at most: an eighth of the largest heap, 256 MB at most. */
    static long windowBytes() {
        return Math.min(256L << 20, HeapShare.bytes() / 8);
    }

    static InputException infinite(Hdf5Dataset dataset, int cell) {
        return dataset.error()
                .found("cell " + cell + " has an infinite value")
                .expected("finite numbers")
                .remedy("Look for a division by zero or a logarithm of zero in how the file was made")
                .build();
    }

    @Override
    public void skipTo(int row) {
        cell = row;
    }

    @Override
    public void close() {
        // The file belongs to whoever opened it.
    }
}
