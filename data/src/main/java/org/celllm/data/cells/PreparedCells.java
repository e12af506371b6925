package org.celllm.data.cells;

import java.io.IOException;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.EvenBlocks;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.tokens.SlotChoice;
import org.jspecify.annotations.Nullable;

/**
 * The cells of a file in its order, mapped to a vocabulary as {@link CellPreparation} says.
 */
public final class PreparedCells implements AutoCloseable {
    private final CellReader reader;
    private final CellPreparation preparation;
    private long missing;

    private PreparedCells(CellReader reader, CellPreparation preparation) {
        this.reader = reader;
        this.preparation = preparation;
    }

    /**
     * Starts reading.
     *
     * @param file stays open until this is closed, and is not read otherwise meanwhile
     * @param choice the slot and the state of its values
     * @param mapping of the slot's genes
     * @param cellsPerBatch cells a batch at most
     */
    public static PreparedCells open(ExpressionFile file, SlotChoice choice, GeneMapping mapping, int cellsPerBatch)
            throws IOException {
        CellPreparation preparation = CellPreparation.of(file, choice, mapping);
        return new PreparedCells(file.read(choice.slot(), cellsPerBatch), preparation);
    }

    /** The same with batches that end at multiples of {@code cellsPerBatch}, as {@link EvenBlocks} says. */
    public static PreparedCells openEven(ExpressionFile file, SlotChoice choice, GeneMapping mapping, int cellsPerBatch)
            throws IOException {
        CellPreparation preparation = CellPreparation.of(file, choice, mapping);
        CellReader reader = file.read(choice.slot(), cellsPerBatch);
        return new PreparedCells(new EvenBlocks(reader, choice.slot().cells(), cellsPerBatch), preparation);
    }

    /**
     * Moves on, so that the next batch starts at {@code cell}.
     *
     * @param cell the first of a batch, at or after the one that would come next
     */
    public void skipTo(int cell) throws IOException {
        reader.skipTo(cell);
    }

    /** The next cells in the file's order, or {@code null} after the last. */
    public @Nullable CellBatch next() throws IOException {
        CellBlock block = reader.next();
        if (block == null) {
            return null;
        }
        missing += block.missing();
        return preparation.batch(block);
    }

    /** How many values of the cells so far were NaN, and are read as 0. */
    public long missing() {
        return missing;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
