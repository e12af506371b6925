package org.celllm.data.matrix;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The cells of another reader in blocks whose borders depend on the cells alone: at every multiple of a number of rows,
 * and between them where a block would have more than {@link #MOST_VALUES} values. Other readers end blocks where their
 * share of the heap ends. A reader that begins at the border of a block gives the same blocks from there on.
 */
public final class EvenBlocks implements CellReader {
    /** Values of a block at most, unless a single cell has more. */
    public static final int MOST_VALUES = 1 << 22;

    private final CellReader reader;
    private final int cells;
    private final int rows;
    private @Nullable CellBlock held;
    private int next;

    /** Of the blocks read since the last one was given: a block that is given in parts gives them with its first. */
    private long missing;

    /**
     * @param reader closed with this
     * @param cells how many cells there are
     * @param rows at whose multiples blocks end
     */
    public EvenBlocks(CellReader reader, int cells, int rows) {
        this.reader = reader;
        this.cells = cells;
        this.rows = rows;
    }

    @Override
    public @Nullable CellBlock next() throws IOException {
        CellBlock block = hold();
        if (block == null) {
            return null;
        }
        int first = block.firstCell() + next;
        int end = (int) Math.min(cells, (first / rows + 1L) * rows);
        int values = block.offsets()[block.cells()];
        if (next == 0 && first + block.cells() == end && (values <= MOST_VALUES || block.cells() == 1)) {
            held = null;
            return counted(block);
        }
        CellBlocks made = new CellBlocks(end - first, Math.min(MOST_VALUES, values - block.offsets()[next]));
        while (block != null && first + made.cells() < end) {
            int from = block.offsets()[next];
            int to = block.offsets()[next + 1];
            if (made.cells() > 0 && made.size() + (to - from) > MOST_VALUES) {
                break;
            }
            for (int i = from; i < to; i++) {
                made.add(block.genes()[i], block.values()[i]);
            }
            made.endCell();
            next++;
            block = first + made.cells() < end ? hold() : block;
        }
        return counted(made.build(first));
    }

    private CellBlock counted(CellBlock block) {
        long values = missing;
        missing = 0;
        return new CellBlock(block.firstCell(), block.cells(), block.offsets(), block.genes(), block.values(), values);
    }

    /** The block that has the next cell. */
    private @Nullable CellBlock hold() throws IOException {
        if (held == null || next == held.cells()) {
            // Freed before the next is made.
            held = null;
            next = 0;
            held = reader.next();
            missing += held == null ? 0 : held.missing();
        }
        return held;
    }

    /** @param cell the border of a block */
    @Override
    public void skipTo(int cell) throws IOException {
        held = null;
        next = 0;
        missing = 0;
        reader.skipTo(cell);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
