package org.celllm.data.cells;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.MatrixSlot;

/**
 * Bins for scaled values, whose zero means "as the average cell" and not "absent". The bins of a gene are its
 * quantiles .5, .75, .9, .95 and .99 over up to 512 cells spread over the file: a value at or below the median counts
 * as not expressed (bin 0), one above the k-th quantile as bin k.
 */
public final class GeneQuantiles {
    private static final double[] QUANTILES = {0.5, 0.75, 0.9, 0.95, 0.99};

    private static final int CELLS = 512;

    private static final long MOST_VALUES = 1L << 25;

    private final float[][] borders;

    private GeneQuantiles(float[][] borders) {
        this.borders = borders;
    }

    /** Those of a slot. */
    static GeneQuantiles of(ExpressionFile file, MatrixSlot slot) throws IOException {
        int sampled = (int) Math.max(8, Math.min(CELLS, MOST_VALUES / slot.genes()));
        int count = Math.min(slot.cells(), sampled);
        int[] rows = IntStream.range(0, count)
                .map(i -> (int) ((long) i * slot.cells() / count))
                .toArray();
        CellBlock block = file.pick(slot, rows);
        float[][] byGene = new float[slot.genes()][count];
        for (int cell = 0; cell < count; cell++) {
            for (int i = block.offsets()[cell]; i < block.offsets()[cell + 1]; i++) {
                byGene[block.genes()[i]][cell] = block.values()[i];
            }
        }
        float[][] borders = new float[slot.genes()][QUANTILES.length];
        for (int gene = 0; gene < borders.length; gene++) {
            Arrays.sort(byGene[gene]);
            for (int k = 0; k < QUANTILES.length; k++) {
                borders[gene][k] = byGene[gene][(int) Math.ceil(QUANTILES[k] * (count - 1))];
            }
        }
        return new GeneQuantiles(borders);
    }

    /** The bin of a value, 0 to 5. */
    int bin(int gene, float value) {
        int bin = 0;
        while (bin < QUANTILES.length && value > borders[gene][bin]) {
            bin++;
        }
        return bin;
    }
}
