package org.celllm.data.hdf5;

import java.io.IOException;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellBlocks;
import org.celllm.data.matrix.CellReader;
import org.jspecify.annotations.Nullable;

/** Streams cells from compressed sparse rows: the csr of AnnData, and the gene × cell csc of 10x files. */
public final class CompressedRowCells implements CellReader {
    /** Values of a block at most, unless a single cell has more. */
    private static final int MOST_VALUES = 1 << 22;

    private static final int STEP = 1 << 16;

    private static final int PICKED_WINDOW = 1 << 14;

    private final SparseParts parts;
    private final long[] pointers;
    private final int genes;
    private final int @Nullable [] kept;
    private final int cellsPerBlock;
    private final ForwardReader indices;
    private final ForwardReader data;
    private final int[] someGenes = new int[STEP];
    private final float[] someValues = new float[STEP];
    private int cell;

    /**
     * @param parts the three arrays
     * @param cells rows
     * @param genes columns in the file
     * @param kept [genes] the new column of each, −1 for one to leave out; {@code null} to keep all as they are
     * @param cellsPerBlock cells a block at most
     */
    public CompressedRowCells(SparseParts parts, int cells, int genes, int @Nullable [] kept, int cellsPerBlock) {
        this.parts = parts;
        this.pointers = parts.pointers(cells);
        this.genes = genes;
        this.kept = kept;
        this.cellsPerBlock = cellsPerBlock;
        // Cells asked for one by one are picked here and there: no need to read far ahead.
        int window = cellsPerBlock == 1 ? PICKED_WINDOW : ForwardReader.WINDOW;
        this.indices = new ForwardReader(parts.indices(), window);
        this.data = new ForwardReader(parts.data(), window);
    }

    @Override
    public @Nullable CellBlock next() throws IOException {
        int cells = pointers.length - 1;
        if (cell >= cells) {
            return null;
        }
        int first = cell;
        int last = cell + 1;
        while (last < cells && last - first < cellsPerBlock && pointers[last + 1] - pointers[first] <= MOST_VALUES) {
            last++;
        }
        int expected = (int) Math.min(MOST_VALUES, pointers[last] - pointers[first]);
        CellBlocks block = new CellBlocks(last - first, expected);
        for (; cell < last; cell++) {
            readCell(block);
        }
        return block.build(first);
    }

    private void readCell(CellBlocks block) {
        long from = pointers[cell];
        long to = pointers[cell + 1];
        while (from < to) {
            int count = (int) Math.min(STEP, to - from);
            indices.indices(from, count, someGenes, 0);
            data.floats(from, count, someValues, 0);
            for (int i = 0; i < count; i++) {
                int gene = someGenes[i];
                if (gene < 0 || gene >= genes) {
                    throw parts.badIndex(from + i, gene, genes);
                }
                int column = kept == null ? gene : kept[gene];
                if (column >= 0) {
                    block.add(column, parts.finite(someValues[i], from + i));
                }
            }
            from += count;
        }
        block.endCell();
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
