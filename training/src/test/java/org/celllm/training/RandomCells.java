package org.celllm.training;

import java.util.Arrays;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.tokens.ValueState;

/** Cells for tests: counts of random genes, in a few programmes so that there is something to learn. */
public final class RandomCells {
    private RandomCells() {}

    /** The same cells, of which nobody said what they are. */
    public static CellBatch withoutLabels(CellBatch cells) {
        return new CellBatch(
                cells.cells(),
                cells.offsets(),
                cells.genes(),
                cells.values(),
                cells.totals(),
                cells.states(),
                cells.disease(),
                new int[cells.cells()],
                cells.source(),
                cells.rows());
    }

    /**
     * @param cells how many
     * @param genes of the vocabulary
     * @param longest expressed genes of a cell, at most; a cell may have none
     */
    public static CellBatch of(long seed, int cells, int genes, int longest) {
        KeyedRandom random = KeyedRandom.of(seed, 77);
        int[] offsets = new int[cells + 1];
        char[] gene = new char[cells * longest];
        float[] value = new float[cells * longest];
        double[] totals = new double[cells];
        byte[] disease = new byte[cells];
        int[] label = new int[cells];
        int[] source = new int[cells];
        long[] rows = new long[cells];
        int next = 0;
        for (int cell = 0; cell < cells; cell++) {
            int length = random.nextInt(Math.min(longest, genes) + 1);
            int[] chosen = Arrays.copyOf(random.permutation(genes), length);
            Arrays.sort(chosen);
            int programme = random.nextInt(3);
            for (int g : chosen) {
                gene[next] = (char) g;
                value[next] = 1 + random.nextInt(g % 3 == programme ? 40 : 3);
                totals[cell] += value[next];
                next++;
            }
            totals[cell] += 1 + random.nextInt(50);
            disease[cell] = (byte) random.nextInt(3);
            label[cell] = Math.max(0, random.nextInt(12) - 6);
            source[cell] = cell % 3;
            rows[cell] = cell;
            offsets[cell + 1] = next;
        }
        ValueState[] states = new ValueState[cells];
        Arrays.fill(states, ValueState.COUNTS);
        return new CellBatch(
                cells,
                offsets,
                Arrays.copyOf(gene, next),
                Arrays.copyOf(value, next),
                totals,
                states,
                disease,
                label,
                source,
                rows);
    }
}
