package org.celllm.tasks.finetune;

import org.celllm.network.CellSequences;

/**
 * Cells as the encoder reads them, with their classes.
 *
 * @param sequences the cells
 * @param codes [cells] their classes, none negative
 * @param classes how many there are
 */
public record LabelledSequences(CellSequences sequences, int[] codes, int classes) {
    public LabelledSequences {
        if (codes.length != sequences.cells() || classes < 2) {
            throw new IllegalArgumentException(
                    sequences.cells() + " cells with " + codes.length + " labels of " + classes + " classes");
        }
        for (int code : codes) {
            if (code < 0 || code >= classes) {
                throw new IllegalArgumentException("class " + code + " of " + classes);
            }
        }
    }

    /** Some of the cells, in the given order. */
    public LabelledSequences select(int[] cells) {
        int[] chosen = new int[cells.length];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = codes[cells[i]];
        }
        return new LabelledSequences(sequences.select(cells), chosen, classes);
    }
}
