package org.celllm.training.views;

import org.celllm.network.CellSequences;

/**
 * The views of some cells, ready for the encoder: first the cells' first views in order, then their second ones.
 *
 * @param cells how many cells, each with {@link ViewSettings#VIEWS} views
 * @param sequences [cells × views] what the encoder reads
 * @param keys [cells × views] what the encoder's dropout is keyed on: a function of the cell's place in the batch and
 *     the view, never of the chunk
 * @param maskedRows row of each masked position in the encoder's output
 * @param maskedTokens the expression token that stood there, 0 … tokens − 3
 */
public record ViewedCells(int cells, CellSequences sequences, long[] keys, long[] maskedRows, long[] maskedTokens) {
    public ViewedCells {
        if (maskedRows.length != maskedTokens.length || keys.length != sequences.cells()) {
            throw new IllegalArgumentException("the parts of the views differ in length");
        }
    }

    /** Positions of the encoder's output, CLS among them. */
    public int positions() {
        return sequences.offsets()[sequences.cells()] + sequences.cells();
    }
}
