package org.celllm.tasks.embed;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.network.CellSequences;
import org.celllm.network.NetworkConfig;

/**
 * Which cells are encoded together: cells of like length, as many as a bound on positions allows, so that memory
 * follows the bound and not the number of cells.
 */
final class EncodingChunks {
    /** Bytes of activations that a chunk may need. */
    private static final long ACTIVATIONS = 64L << 20;

    private static final int FEWEST_POSITIONS = 512;
    private static final int MOST_POSITIONS = 1 << 13;

    private EncodingChunks() {}

    /** How many positions go into one chunk. */
    static int positions(NetworkConfig network) {
        long width = network.hidden()
                + 4L * network.inner()
                + 2L * network.heads() * network.randomFeatures()
                + 4L * network.dim();
        return (int) Math.max(FEWEST_POSITIONS, Math.min(MOST_POSITIONS, ACTIVATIONS / (4 * width)));
    }

    /**
     * Divides cells into chunks.
     *
     * @param mostPositions in a chunk, CLS included; a longer cell goes alone
     * @return the cells of each chunk; every cell is in exactly one
     */
    static List<int[]> of(CellSequences sequences, int mostPositions) {
        int[] order = IntStream.range(0, sequences.cells())
                .boxed()
                .sorted(Comparator.comparingInt(sequences::length))
                .mapToInt(Integer::intValue)
                .toArray();
        List<int[]> chunks = new ArrayList<>();
        int from = 0;
        int positions = 0;
        for (int i = 0; i < order.length; i++) {
            int length = sequences.length(order[i]) + 1;
            if (i > from && positions + length > mostPositions) {
                chunks.add(java.util.Arrays.copyOfRange(order, from, i));
                from = i;
                positions = 0;
            }
            positions += length;
        }
        if (from < order.length) {
            chunks.add(java.util.Arrays.copyOfRange(order, from, order.length));
        }
        return chunks;
    }
}
