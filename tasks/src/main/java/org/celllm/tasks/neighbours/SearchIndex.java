package org.celllm.tasks.neighbours;

import java.util.Locale;
import org.celllm.data.InputException;
import org.celllm.data.progress.Progress;
import org.celllm.network.runtime.Workers;

/** How neighbours are searched. */
public enum SearchIndex {
    /** {@link #EXACT} up to 200,000 cells, {@link #HNSW} beyond. */
    AUTO,
    /** Every query beside every cell. */
    EXACT,
    /** Through graphs: a neighbour is missed now and then. */
    HNSW;

    private static final int MOST_EXACT = 200_000;

    /**
     * The one with this name.
     *
     * @throws InputException when there is none
     */
    public static SearchIndex of(String word) {
        for (SearchIndex index : values()) {
            if (index.name().toLowerCase(Locale.ROOT).equals(word)) {
                return index;
            }
        }
        throw InputException.about("--index " + word)
                .found("is no way to search")
                .expected("auto, exact or hnsw")
                .build();
    }

    /** Makes the search ready. */
    public NeighbourSearch over(UnitVectors reference, Workers workers, Progress progress) {
        boolean graph = this == HNSW || (this == AUTO && reference.size() > MOST_EXACT);
        return graph ? GraphSearch.build(reference, workers, progress) : new ExactSearch(reference, workers);
    }
}
