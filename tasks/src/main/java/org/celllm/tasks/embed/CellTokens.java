package org.celllm.tasks.embed;

import org.celllm.data.cells.CellBatch;
import org.celllm.data.tokens.CellExpression;
import org.celllm.network.CellSequences;
import org.celllm.network.LengthRule;
import org.celllm.network.NetworkConfig;

/**
 * Turns cells into the sequences that an encoder reads: every expressed gene with the token of its expression, nothing
 * hidden. A cell that expresses more genes than the longest sequence holds keeps those that {@link LengthRule} says:
 * the highest expressed ones, or, in published padding mode, the first in gene order as the published code does.
 */
public final class CellTokens {
    private CellTokens() {}

    /** The sequences of all cells of a batch. */
    public static CellSequences of(CellBatch batch, NetworkConfig network) {
        int cells = batch.cells();
        int[] offsets = new int[cells + 1];
        int[] genes = new int[batch.offsets()[cells]];
        int[] tokens = new int[genes.length];
        CellExpression expressions = new CellExpression(network.tokens());
        int at = 0;
        for (int cell = 0; cell < cells; cell++) {
            expressions.begin(batch.totals()[cell], batch.states()[cell]);
            at = expressions.tokens(
                    batch.values(), batch.genes(), batch.offsets()[cell], batch.offsets()[cell + 1], genes, tokens, at);
            offsets[cell + 1] = at;
        }
        return new CellSequences(cells, offsets, genes, tokens)
                .truncate(network.maxLength(), LengthRule.of(network.padding()));
    }
}
