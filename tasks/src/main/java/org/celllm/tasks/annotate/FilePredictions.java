package org.celllm.tasks.annotate;

import java.util.List;
import org.celllm.tasks.embed.FileEmbedding;

/**
 * What naming the cells of a file into another came to; their labels are in the file.
 *
 * @param labels the classes' names
 * @param counts cells of each class, and unassigned ones last
 * @param reading what the encoder read
 * @param difference of these cells from those that the annotator was fitted on
 * @param seconds it all took
 */
public record FilePredictions(
        List<String> labels, int[] counts, FileEmbedding reading, BatchDifference difference, double seconds) {
    /** How many cells. */
    public int cells() {
        return reading.cells();
    }
}
