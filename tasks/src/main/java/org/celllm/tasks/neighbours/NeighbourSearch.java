package org.celllm.tasks.neighbours;

/** Finds the vectors of a reference that are nearest to others by cosine. Thread safe. */
public interface NeighbourSearch {
    /**
     * The nearest of each query.
     *
     * @param queries of the reference's width
     * @param k at least 1; no more than the reference has are given
     */
    Nearest nearest(UnitVectors queries, int k);

    /** How it searches, for tables: {@code exact}. */
    String word();
}
