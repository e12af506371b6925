package org.celllm.network.attention;

/**
 * Which rows of each cell ask, and which are asked: the same, or of each cell fewer queries than keys.
 *
 * @param queries rows of the queries and of what attention gives
 * @param keys rows of keys and values, of the same cells
 */
public record AttentionLayout(SequenceLayout queries, SequenceLayout keys) {
    public AttentionLayout {
        if (queries.cells() != keys.cells()) {
            throw new IllegalArgumentException("queries of " + queries.cells() + " cells, keys of " + keys.cells());
        }
    }

    /** All rows ask. */
    public static AttentionLayout within(SequenceLayout layout) {
        return new AttentionLayout(layout, layout);
    }

    /** Cells. */
    public int cells() {
        return keys.cells();
    }

    /** Whether queries and keys are the same rows. */
    public boolean isSame() {
        return queries.equals(keys);
    }
}
