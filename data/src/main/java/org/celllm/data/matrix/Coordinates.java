package org.celllm.data.matrix;

import java.io.IOException;

/** A matrix whose values do not come cell by cell, but can be streamed as often as needed. */
public interface Coordinates {
    /** Takes one stored value. */
    @FunctionalInterface
    interface Sink {
        /** The value of a gene in a cell. */
        void accept(int cell, int gene, float value);
    }

    /**
     * Counts the stored values of each cell.
     *
     * @param valuesOfCell [cells] the counts are added to it
     */
    void count(int[] valuesOfCell) throws IOException;

    /** Streams every stored value in the file's order. */
    void forEach(Sink sink) throws IOException;
}
