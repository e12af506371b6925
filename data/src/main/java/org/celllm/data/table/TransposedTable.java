package org.celllm.data.table;

import java.io.IOException;
import java.nio.file.Path;
import org.celllm.data.matrix.Coordinates;

/** A table with genes in rows: its values come gene by gene. */
final class TransposedTable implements Coordinates {
    private final Path file;
    private final TableLayout layout;
    private final int[] columns;

    TransposedTable(Path file, TableLayout layout, int[] columns) {
        this.file = file;
        this.layout = layout;
        this.columns = columns;
    }

    @Override
    public void count(int[] valuesOfCell) throws IOException {
        forEach((cell, gene, value) -> valuesOfCell[cell]++);
    }

    @Override
    public void forEach(Sink sink) throws IOException {
        try (TableRows rows = new TableRows(file, layout)) {
            for (int gene = 0; rows.next(); gene++) {
                for (int cell = 0; cell < columns.length; cell++) {
                    float value = rows.value(columns[cell]);
                    if (value != 0) {
                        sink.accept(cell, gene, value);
                    }
                }
            }
        }
    }
}
