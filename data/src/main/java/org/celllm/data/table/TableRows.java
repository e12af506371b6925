package org.celllm.data.table;

import java.io.IOException;
import java.nio.file.Path;

/** The rows of a table after its header, cut into fields. */
final class TableRows implements AutoCloseable {
    private final TextLines lines;
    private final Fields fields;
    private final TableLayout layout;

    TableRows(Path file, TableLayout layout) throws IOException {
        this.lines = new TextLines(file);
        this.layout = layout;
        this.fields = new Fields(layout.separator());
        lines.next();
    }

    /** Moves to the next row that is not blank. */
    boolean next() throws IOException {
        if (!skip()) {
            return false;
        }
        fields.cut(lines.bytes(), lines.length());
        if (fields.count() != layout.names().size() + 1) {
            throw lines.error()
                    .found("has " + fields.count() + " fields")
                    .expected((layout.names().size() + 1) + ", as the lines above have")
                    .remedy("The file was cut, or a name holds the separator: write it again")
                    .build();
        }
        return true;
    }

    /** Moves over the next row without cutting it. */
    boolean skip() throws IOException {
        do {
            if (!lines.next()) {
                return false;
            }
        } while (lines.length() == 0);
        return true;
    }

    /** The fields of the row; the first is its name. */
    Fields fields() {
        return fields;
    }

    /** The number in a column, counted from the first after the row names; NaN where it is missing. */
    float value(int column) {
        double value = fields.number(column + 1);
        if (value == TextNumbers.NO_NUMBER) {
            throw lines.error()
                    .found("column " + layout.names().get(column) + " holds \"" + fields.text(column + 1) + "\"")
                    .expected("a finite number")
                    .build();
        }
        return (float) value;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
