package org.celllm.data.anndata;

import java.io.IOException;
import org.celllm.data.hdf5.CompressedColumns;
import org.celllm.data.hdf5.CompressedRowCells;
import org.celllm.data.hdf5.DenseCells;
import org.celllm.data.hdf5.DenseColumns;
import org.celllm.data.hdf5.Hdf5Dataset;
import org.celllm.data.hdf5.SparseParts;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellRangePasses;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.Coordinates;
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
        Coordinates coordinates = coordinates();
        if (coordinates != null) {
            return new CellRangePasses(coordinates, slot.cells(), cellsPerBlock, CellRangePasses.budgetOfHeap());
        }
        if (dense != null) {
            return new DenseCells(dense, cellsPerBlock);
        }
        return new CompressedRowCells(parts(), slot.cells(), slot.genes(), null, cellsPerBlock);
    }

    CellBlock pick(int[] rows) throws IOException {
        Coordinates coordinates = coordinates();
        if (coordinates != null) {
            return CellRangePasses.pick(coordinates, rows, slot.cells());
        }
        try (CellReader reader = read(1)) {
            return CellReader.pick(reader, rows);
        }
    }

    /** Stored values of each cell, {@code null} where they are not stored cell by cell. */
    int @Nullable [] storedValues() {
        return sparse == null || slot.layout() != MatrixSlot.Layout.CSR ? null : sparse.counts(slot.cells());
    }

    /** The values in the order they are stored, where that is not cell by cell; {@code null} where it is. */
    private @Nullable Coordinates coordinates() {
        if (dense != null) {
            return DenseColumns.suits(dense) ? DenseColumns.of(dense) : null;
        }
        return slot.layout() == MatrixSlot.Layout.CSC
                ? new CompressedColumns(parts(), slot.cells(), slot.genes())
                : null;
    }

    private SparseParts parts() {
        if (sparse == null) {
            throw new IllegalStateException("a slot is dense or sparse");
        }
        return sparse;
    }
}
