package org.celllm.network;

import java.util.TreeSet;
import org.celllm.data.random.KeyedRandom;

/** Random sequences for tests. */
public final class RandomCells {
    private RandomCells() {}

    /** Cells of the given numbers of expressed genes. */
    public static CellSequences of(NetworkConfig config, long seed, int... lengths) {
        int[] offsets = new int[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            offsets[i + 1] = offsets[i] + lengths[i];
        }
        int[] genes = new int[offsets[lengths.length]];
        int[] tokens = new int[genes.length];
        for (int cell = 0; cell < lengths.length; cell++) {
            KeyedRandom random = KeyedRandom.of(seed, cell);
            TreeSet<Integer> chosen = new TreeSet<>();
            while (chosen.size() < lengths[cell]) {
                chosen.add(random.nextInt(config.genes()));
            }
            int at = offsets[cell];
            for (int gene : chosen) {
                genes[at] = gene;
                tokens[at++] = random.nextInt(config.highestBin() + 1);
            }
        }
        return new CellSequences(lengths.length, offsets, genes, tokens);
    }

    /** A small network for tests. */
    public static NetworkConfig config(int heads, int headDim, PaddingMode padding) {
        return new NetworkConfig(24, 2, heads, headDim, 0, 4, 8, 200, 64, false, padding, 0);
    }
}
