package org.celllm.data.table;

import java.io.IOException;
import java.nio.file.Path;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellBlocks;
import org.celllm.data.matrix.CellReader;
import org.jspecify.annotations.Nullable;

/** Streams the cells of a table with cells in rows. */
final class TableCells implements CellReader {
    private static final int MOST_VALUES = 1 << 22;

    private final TableRows rows;
    private final int[] columns;
    private final int cellsPerBlock;
    private int cell;

    TableCells(Path file, TableLayout layout, int[] columns, int cellsPerBlock) throws IOException {
        this.rows = new TableRows(file, layout);
        this.columns = columns;
        this.cellsPerBlock = cellsPerBlock;
    }

    @Override
    public @Nullable CellBlock next() throws IOException {
        int first = cell;
        CellBlocks block = new CellBlocks(cellsPerBlock, columns.length);
        while (block.cells() < cellsPerBlock && block.size() < MOST_VALUES && rows.next()) {
            for (int gene = 0; gene < columns.length; gene++) {
                block.add(gene, rows.value(columns[gene]));
            }
            block.endCell();
            cell++;
        }
        return block.cells() == 0 ? null : block.build(first);
    }

    @Override
    public void skipTo(int row) throws IOException {
        while (cell < row && rows.skip()) {
            cell++;
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
