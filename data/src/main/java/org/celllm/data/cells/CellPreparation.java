package org.celllm.data.cells;

import java.io.IOException;
import java.util.Arrays;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.tokens.ExpressionTokens;
import org.celllm.data.tokens.SlotChoice;
import org.celllm.data.tokens.ValueState;
import org.jspecify.annotations.Nullable;

/**
 * How the cells of a file become cells over a vocabulary: the one way from a file to batches. Values of genes that share
 * a place are summed in linear units; the total of a cell is taken over all genes of the file, before they are mapped.
 * Log1p values that were scaled to another sum than 10,000 are brought to 10,000; scaled values are replaced by bins of
 * {@link GeneQuantiles}, which are then {@link ValueState#ASIS}.
 *
 * <p>Immutable and thread safe.
 */
public final class CellPreparation {
    private final ValueState state;
    private final int[] target;
    private final double rescale;
    private final @Nullable GeneQuantiles quantiles;
    private final int fileGenes;

    private CellPreparation(
            ValueState state, int[] target, double rescale, @Nullable GeneQuantiles quantiles, int fileGenes) {
        this.state = state;
        this.target = target;
        this.rescale = rescale;
        this.quantiles = quantiles;
        this.fileGenes = fileGenes;
    }

    /**
     * Of a file's slot.
     *
     * @param file read only where its values are scaled, and not kept
     * @param choice the slot and the state of its values
     * @param mapping of the slot's genes
     */
    public static CellPreparation of(ExpressionFile file, SlotChoice choice, GeneMapping mapping) throws IOException {
        double sum = choice.state() == ValueState.LOG1P ? choice.finding().target() : 0;
        boolean usual = sum == 0 || Math.abs(sum - ExpressionTokens.PER) < 0.01 * ExpressionTokens.PER;
        GeneQuantiles quantiles = choice.state() == ValueState.SCALED ? GeneQuantiles.of(file, choice.slot()) : null;
        return new CellPreparation(
                choice.state(),
                mapping.target(),
                usual ? 1 : ExpressionTokens.PER / sum,
                quantiles,
                choice.slot().genes());
    }

    /** The cells of a block of the slot; their rows are the block's. */
    public CellBatch batch(CellBlock block) {
        return quantiles == null ? mapped(block) : binned(block, quantiles);
    }

    private CellBatch mapped(CellBlock block) {
        MappedCells cells = new MappedCells(block.cells(), block.offsets()[block.cells()], state);
        for (int cell = 0; cell < block.cells(); cell++) {
            double total = 0;
            for (int i = block.offsets()[cell]; i < block.offsets()[cell + 1]; i++) {
                float value = block.values()[i];
                double linear = ExpressionTokens.linear(value, state) * rescale;
                total += linear;
                int place = target[block.genes()[i]];
                if (place >= 0) {
                    cells.add(place, rescale == 1 ? value : (float) Math.log1p(linear));
                }
            }
            cells.endCell(total, (long) block.firstCell() + cell);
        }
        return cells.batch();
    }

    private CellBatch binned(CellBlock block, GeneQuantiles bins) {
        MappedCells cells = new MappedCells(block.cells(), block.offsets()[block.cells()], ValueState.ASIS);
        float[] row = new float[fileGenes];
        for (int cell = 0; cell < block.cells(); cell++) {
            Arrays.fill(row, 0);
            for (int i = block.offsets()[cell]; i < block.offsets()[cell + 1]; i++) {
                row[block.genes()[i]] = block.values()[i];
            }
            double total = 0;
            for (int gene = 0; gene < fileGenes; gene++) {
                int bin = bins.bin(gene, row[gene]);
                total += bin;
                if (bin > 0 && target[gene] >= 0) {
                    cells.add(target[gene], bin);
                }
            }
            cells.endCell(total, (long) block.firstCell() + cell);
        }
        return cells.batch();
    }
}
