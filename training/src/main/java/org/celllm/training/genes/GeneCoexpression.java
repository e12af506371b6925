package org.celllm.training.genes;

import org.celllm.data.cells.CellBatch;
import org.celllm.data.features.ExpressionRows;
import org.celllm.data.features.GeneScaling;
import org.celllm.data.features.PrincipalComponents;
import org.celllm.data.features.SparseRows;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.CellLanguageModel;
import org.celllm.training.TrainingCells;

/**
 * First embeddings of the genes: genes that rise and fall together begin side by side.
 *
 * <p>A gene's embedding is its row of the loadings of the principal components of the training cells (log-normalised,
 * each gene scaled and clipped at ±10). The sum of the embeddings of a cell's genes then already is a coarse picture of
 * the cell, where random embeddings make noise of it that training first has to unlearn. The published network starts from
 * gene2vec, which is learnt from co-expression too; this needs no file and knows exactly the corpus's genes.
 */
public final class GeneCoexpression {
    /** Values that are looked at, at most: 64 MB. */
    private static final int MOST_VALUES = 8_000_000;

    /** More components than this are noise in any corpus tried; what is left of an embedding is random. */
    private static final int MOST_COMPONENTS = 128;

    private static final int CELLS_A_READ = 512;
    private static final long PURPOSE = 0x67656E6573L;

    private GeneCoexpression() {}

    /**
     * Embeddings of all genes of the cells; a pure function of the cells and the seed. Genes that no looked-at cell
     * expresses, and dimensions beyond the components, get random numbers of the same spread.
     *
     * @param dim width of an embedding
     * @return [genes · dim] row by row, whose root mean square is {@link CellLanguageModel#FIRST_SPREAD}
     */
    public static float[] table(TrainingCells cells, int dim, long seed, Progress progress) {
        int genes = cells.genes().size();
        float[] table = random(genes, dim, seed);
        SparseRows rows = read(cells, progress);
        if (rows.rows() < 2 || rows.offsets()[rows.rows()] == 0) {
            return table;
        }
        GeneScaling scaling = GeneScaling.fit(rows, genes, GeneScaling.USUAL_CLIP);
        if (scaling.genes().length < 2) {
            return table;
        }
        PrincipalComponents components = PrincipalComponents.fit(scaling, rows, Math.min(dim, MOST_COMPONENTS), seed);
        place(components, table, dim);
        return table;
    }

    private static void place(PrincipalComponents components, float[] table, int dim) {
        int kept = components.components();
        int[] genes = components.scaling().genes();
        // Orthonormal columns: the mean square of a loading is 1 / genes.
        double factor = CellLanguageModel.FIRST_SPREAD * Math.sqrt(genes.length);
        for (int i = 0; i < genes.length; i++) {
            for (int c = 0; c < kept; c++) {
                table[genes[i] * dim + c] = (float) (factor * components.loadings()[i * kept + c]);
            }
        }
    }

    private static float[] random(int genes, int dim, long seed) {
        KeyedRandom random = KeyedRandom.of(seed, PURPOSE);
        float[] table = new float[Math.multiplyExact(genes, dim)];
        for (int i = 0; i < table.length; i++) {
            table[i] = (float) (CellLanguageModel.FIRST_SPREAD * random.nextGaussian());
        }
        return table;
    }

    private static SparseRows read(TrainingCells cells, Progress progress) {
        int size = (int) Math.min(CELLS_A_READ, cells.cells());
        long reads = size == 0 ? 0 : cells.cells() / size;
        ExpressionRows rows = new ExpressionRows(cells.genes().size());
        try (Progress.Task task = progress.start("Reading which genes go together", "cells", reads * size)) {
            long values = 0;
            for (long read = 0; read < reads && values < MOST_VALUES; read++) {
                CellBatch batch = cells.batch(read, size);
                rows.add(batch);
                values += batch.offsets()[batch.cells()];
                task.advance(batch.cells());
            }
        }
        return rows.build();
    }
}
