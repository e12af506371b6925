package org.celllm.network.attention;

import java.util.ArrayList;
import java.util.List;

/**
 * Cells that {@link FusedFavor} works on together: few enough that what it keeps of them stays in the cache, many enough
 * that small operations are worth their call.
 *
 * @param firstCell the first cell
 * @param cells how many
 * @param queries rows that ask
 * @param keys rows that are asked
 */
record FavorGroup(int firstCell, int cells, FavorRows queries, FavorRows keys) {
    /** Numbers of a group's joint values, about. */
    private static final int NUMBERS = 1 << 19;

    /** The groups of a layout, in order. */
    static List<FavorGroup> of(AttentionLayout layout, FavorShape shape) {
        int most = Math.max(1, NUMBERS / shape.inner());
        int[] starts = layout.keys().starts();
        List<FavorGroup> groups = new ArrayList<>();
        int first = 0;
        while (first < layout.cells()) {
            int to = first + 1;
            while (to < layout.cells() && starts[to + 1] - starts[first] <= most) {
                to++;
            }
            FavorRows keys = FavorRows.of(layout.keys(), shape, first, to);
            FavorRows queries = layout.isSame() ? keys : FavorRows.of(layout.queries(), shape, first, to);
            groups.add(new FavorGroup(first, to - first, queries, keys));
            first = to;
        }
        return groups;
    }

    /** Whether its queries and keys are the same rows. */
    boolean isWhole() {
        return queries.equals(keys);
    }

    /** The most keys of any group. */
    static int mostKeys(List<FavorGroup> groups) {
        return groups.stream().mapToInt(group -> group.keys().rows()).max().orElse(0);
    }

    /** The most queries of any group. */
    static int mostQueries(List<FavorGroup> groups) {
        return groups.stream().mapToInt(group -> group.queries().rows()).max().orElse(0);
    }

    /** The most cells of any group. */
    static int mostCells(List<FavorGroup> groups) {
        return groups.stream().mapToInt(FavorGroup::cells).max().orElse(0);
    }

    @Override
    public String toString() {
        return "cells " + firstCell + " to " + (firstCell + cells) + " with " + keys.rows() + " rows";
    }
}
