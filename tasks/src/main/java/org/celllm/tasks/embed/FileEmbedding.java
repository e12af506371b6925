package org.celllm.tasks.embed;

import org.celllm.data.genes.GeneMapping;
import org.celllm.data.tokens.SlotChoice;
import org.celllm.network.Pooling;

/**
 * What embedding a file came to.
 *
 * @param cells how many
 * @param dim width of a vector
 * @param pooling which vector stands for a cell
 * @param choice the slot that was read, and the state of its values
 * @param mapping of the file's genes to the model's
 * @param meanMappedFraction mean over the cells of the share of a cell's expression (in linear units) that lies on genes
 *     the model knows
 * @param missing values of the cells that were not done before which are NaN, and are read as 0
 * @param depth of the cells that were not done before
 * @param before cells that an earlier run had done
 * @param seconds the others took
 */
public record FileEmbedding(
        int cells,
        int dim,
        Pooling pooling,
        SlotChoice choice,
        GeneMapping mapping,
        double meanMappedFraction,
        long missing,
        CellDepth depth,
        int before,
        double seconds) {
    /** Cells a second. */
    public double cellsPerSecond() {
        return (cells - before) / Math.max(1e-9, seconds);
    }

    /** The same with another mean of the mapped fraction. */
    public FileEmbedding withMeanMappedFraction(double mean) {
        return new FileEmbedding(cells, dim, pooling, choice, mapping, mean, missing, depth, before, seconds);
    }
}
