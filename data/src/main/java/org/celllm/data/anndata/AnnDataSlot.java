package org.celllm.data.anndata;

import java.io.IOException;
import org.celllm.data.hdf5.CompressedColumns;
import org.celllm.data.hdf5.CompressedRowCells;
import org.celllm.data.hdf5.DenseCells;
import org.celllm.data.hdf5.Hdf5Dataset;
import org.celllm.data.hdf5.SparseParts;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellRangePasses;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.MatrixSlot;
import org.jspecify.annotations.Nullable;

/**
 * A matrix of an AnnData file with what it is read from.
 *
 * @param slot what it is
 * @param dense the dataset of a dense matrix
 * @param sparse the arrays of a sparse one
 */
record AnnDataSlot(
        MatrixSlot slot,
        @Nullable Hdf5Dataset dense,
        @Nullable SparseParts sparse) {
    CellReader read(int cellsPerBlock) {
        if (dense != null) {
            return new DenseCells(dense, cellsPerBlock);
        }
        if (sparse == null) {
            throw new IllegalStateException("a slot is dense or sparse");
        }
        if (slot.layout() == MatrixSlot.Layout.CSR) {
            return new CompressedRowCells(sparse, slot.cells(), slot.genes(), null, cellsPerBlock);
        }
        return new CellRangePasses(
                new CompressedColumns(sparse, slot.cells(), slot.genes()),
                slot.cells(),
                cellsPerBlock,
                CellRangePasses.budgetOfHeap());
    }

    CellBlock pick(int[] rows) throws IOException {
        if (sparse != null && slot.layout() == MatrixSlot.Layout.CSC) {
            return CellRangePasses.pick(new CompressedColumns(sparse, slot.cells(), slot.genes()), rows, slot.cells());
        }
        try (CellReader reader = read(1)) {
            return CellReader.pick(reader, rows);
        }
    }
}
