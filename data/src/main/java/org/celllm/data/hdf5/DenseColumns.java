package org.celllm.data.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.celllm.data.matrix.Coordinates;

/**
 * A dense cells × genes dataset whose chunks are so high that no window of whole chunks and whole rows fits in memory:
 * it is streamed a few columns at a time.
 */
public final class DenseColumns implements Coordinates {
    private final Hdf5Dataset dataset;
    private final int cells;
    private final int genes;
    private final int chunkRows;
    private final int windowGenes;

    private DenseColumns(Hdf5Dataset dataset, int chunkRows, int chunkGenes) {
        this.dataset = dataset;
        this.cells = (int) dataset.shape()[0];
        this.genes = (int) dataset.shape()[1];
        this.chunkRows = Math.min(chunkRows, cells);
        long columnBytes = (long) this.chunkRows * dataset.type().bytes();
        long fitting = Math.max(1, DenseCells.windowBytes() / columnBytes);
        this.windowGenes = (int) Math.min(genes, fitting >= chunkGenes ? fitting / chunkGenes * chunkGenes : fitting);
    }

    /** Whether rows of this dataset cannot be read without decompressing its chunks again and again. */
    public static boolean suits(Hdf5Dataset dataset) {
        if (dataset.chunk().length != 2) {
            return false;
        }
        long rows = Math.min(dataset.chunk()[0], dataset.shape()[0]);
        return rows > 1
                && rows * dataset.shape()[1]
                        > DenseCells.windowBytes() / dataset.type().bytes();
    }

    /** Of a dataset in chunks. */
    public static DenseColumns of(Hdf5Dataset dataset) {
        return new DenseColumns(dataset, dataset.chunk()[0], dataset.chunk()[1]);
    }

    @Override
    public void count(int[] valuesOfCell) throws IOException {
        forEach((cell, gene, value) -> valuesOfCell[cell]++);
    }

    @Override
    public void forEach(Sink sink) throws IOException {
        float[] row = new float[windowGenes];
        for (int firstCell = 0; firstCell < cells; firstCell += chunkRows) {
            int rows = Math.min(chunkRows, cells - firstCell);
            for (int firstGene = 0; firstGene < genes; firstGene += windowGenes) {
                int width = Math.min(windowGenes, genes - firstGene);
                ByteBuffer window = dataset.slice(new long[] {firstCell, firstGene}, new int[] {rows, width});
                for (int cell = 0; cell < rows; cell++) {
                    int at = window.position() + cell * width * dataset.type().bytes();
                    dataset.type().floats(window.duplicate().position(at).slice(), width, row, 0);
                    for (int gene = 0; gene < width; gene++) {
                        if (row[gene] != 0) {
                            sink.accept(firstCell + cell, firstGene + gene, finite(row[gene], firstCell + cell));
                        }
                    }
                }
            }
        }
    }

    private float finite(float value, int cell) {
        if (Float.isInfinite(value)) {
            throw DenseCells.infinite(dataset, cell);
        }
        return value;
    }
}
