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
 * @param mappedFraction [cells] share of each cell's expression (in linear units) that lies on genes the model knows
 * @param seconds it took
 */
public record FileEmbedding(
        int cells,
        int dim,
        Pooling pooling,
        SlotChoice choice,
        GeneMapping mapping,
        float[] mappedFraction,
        double seconds) {
    /** The mean of {@link #mappedFraction}. */
    public double meanMappedFraction() {
        double sum = 0;
        for (float fraction : mappedFraction) {
            sum += fraction;
        }
        return cells == 0 ? 0 : sum / cells;
    }

    /** Cells a second. */
    public double cellsPerSecond() {
        return cells / Math.max(1e-9, seconds);
    }
}
