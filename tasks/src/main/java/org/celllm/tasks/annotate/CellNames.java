package org.celllm.tasks.annotate;

import java.util.List;
import org.celllm.data.matrix.ExpressionFile;

/** Names of a file's cells, asked for in order and held some at a time. */
final class CellNames {
    private static final int AT_A_TIME = 1 << 14;

    private final ExpressionFile file;
    private List<String> held = List.of();
    private int first;

    CellNames(ExpressionFile file) {
        this.file = file;
    }

    /** The name of a cell. */
    String of(int cell) {
        if (cell < first || cell >= first + held.size()) {
            first = cell;
            held = file.cellNames(cell, Math.min(AT_A_TIME, file.cellCount() - cell));
        }
        return held.get(cell - first);
    }
}
