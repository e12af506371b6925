package org.celllm.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneVocabulary;

/**
 * Where training takes its cells from. A batch is a pure function of the seed the cells were opened with and the
 * step, whoever asks, in whatever order. Thread safe.
 */
public interface TrainingCells extends AutoCloseable {
    /** The genes that cells are given over. */
    GeneVocabulary genes();

    /** Cells to train on. */
    long cells();

    /** Sources they come from. */
    int sources();

    /** Sources that have both normal and cancer cells. */
    int sourcesWithBoth();

    /** Training cells known to be normal. */
    long normal();

    /** Training cells known to be malignant. */
    long cancer();

    /** Training cells with a label. */
    long labelled();

    /**
     * The batch of a step.
     *
     * @param step from 0
     * @param size cells, at most {@link #cells()}
     */
    CellBatch batch(long step, int size);

    /** Cells that are never trained on, the same at every call; at most {@code most}, none when there are too few. */
    CellBatch validation(int most);

    /** In which shares cells are drawn, in words; empty where every cell comes as often as every other. */
    default String sampling() {
        return "";
    }

    /**
     * What a person should know of the shares in which cells are drawn, one sentence each.
     *
     * @param batch cells a step
     */
    default List<String> samplingNotes(int batch) {
        return List.of();
    }

    /** Changes when any cell does. */
    String hash();

    /** What the cells are, for the provenance of a model. */
    JsonNode description();

    @Override
    void close();
}
