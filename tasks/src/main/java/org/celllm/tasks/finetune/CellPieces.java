package org.celllm.tasks.finetune;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.network.CellSequences;

/** Cells in order, in pieces of a bounded number of positions. */
final class CellPieces {
    private CellPieces() {}

    /**
     * Divides.
     *
     * @param most positions of a piece; a longer cell goes alone
     */
    static List<int[]> of(CellSequences cells, int most) {
        List<int[]> pieces = new ArrayList<>();
        int from = 0;
        long positions = 0;
        for (int cell = 0; cell < cells.cells(); cell++) {
            long length = cells.length(cell) + 1L;
            if (cell > from && positions + length > most) {
                pieces.add(IntStream.range(from, cell).toArray());
                from = cell;
                positions = 0;
            }
            positions += length;
        }
        if (from < cells.cells()) {
            pieces.add(IntStream.range(from, cells.cells()).toArray());
        }
        return pieces;
    }
}
