package org.celllm.tasks.annotate;

import java.util.List;
import org.celllm.tasks.embed.FileEmbedding;

/**
 * What an annotator says of a file's cells.
 *
 * @param cellNames [cells]
 * @param labels the classes' names
 * @param codes [cells] the likeliest class, −1 for unassigned
 * @param probabilities [cells] of the likeliest class, also where the cell is unassigned
 * @param reading what the encoder read
 * @param seconds it all took
 */
public record Predictions(
        List<String> cellNames,
        List<String> labels,
        int[] codes,
        float[] probabilities,
        FileEmbedding reading,
        double seconds) {
    /** How a cell without a label is called. */
    public static final String UNASSIGNED = "unassigned";

    /** The label of a cell, or {@link #UNASSIGNED}. */
    public String label(int cell) {
        return codes[cell] < 0 ? UNASSIGNED : labels.get(codes[cell]);
    }

    /** Cells of each class, and of none last. */
    public int[] counts() {
        int[] counts = new int[labels.size() + 1];
        for (int code : codes) {
            counts[code < 0 ? labels.size() : code]++;
        }
        return counts;
    }
}
