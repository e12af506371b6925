package org.celllm.data.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/**
 * A csv or tsv with a header line, read row by row: for tables whose columns have known names, as opposed to matrices
 * of cells and genes, which {@link TableFile} reads. The separator is a tab where the header has one, else what it has
 * more of, semicolons or commas; lines without any character are passed over.
 */
public final class HeadedTable implements AutoCloseable {
    private final TextLines lines;
    private final Fields fields;
    private final List<String> header;

    private HeadedTable(TextLines lines, Fields fields, List<String> header) {
        this.lines = lines;
        this.fields = fields;
        this.header = header;
    }

    /**
     * Opens a table and reads its header.
     *
     * @param file gzipped or not
     * @throws InputException when it has no line
     */
    public static HeadedTable open(Path file) throws IOException {
        TextLines lines = new TextLines(file);
        try {
            if (!lines.next() || lines.length() == 0) {
                throw lines.error()
                        .found("has no header")
                        .expected("the names of the columns in the first line")
                        .build();
            }
            Fields fields = new Fields(separator(lines));
            fields.cut(lines.bytes(), lines.length());
            List<String> header = new ArrayList<>();
            for (int i = 0; i < fields.count(); i++) {
                String name = fields.text(i);
                header.add(i == 0 && name.startsWith("\uFEFF") ? name.substring(1) : name);
            }
            return new HeadedTable(lines, fields, List.copyOf(header));
        } catch (IOException | RuntimeException e) {
            lines.close();
            throw e;
        }
    }

    /** The names of the columns. */
    public List<String> header() {
        return header;
    }

    private static byte separator(TextLines lines) {
        int semicolonsAhead = 0;
        for (int i = 0; i < lines.length(); i++) {
            switch (lines.bytes()[i]) {
                case '\t' -> {
                    return '\t';
                }
                case ';' -> semicolonsAhead++;
                case ',' -> semicolonsAhead--;
                default -> {}
            }
        }
        return (byte) (semicolonsAhead > 0 ? ';' : ',');
    }

    /**
     * The place of a column.
     *
     * @param names it may have, the likeliest first, in small letters or capitals
     * @throws InputException when the header has none of them
     */
    public int column(List<String> names) {
        return column(names, null);
    }

    /**
     * The same, where an option can name the column.
     *
     * @param option by which it can be named
     */
    public int column(List<String> names, @Nullable String option) {
        for (String name : names) {
            int at = header.indexOf(name);
            if (at >= 0) {
                return at;
            }
        }
        for (String name : names) {
            for (int at = 0; at < header.size(); at++) {
                if (header.get(at).equalsIgnoreCase(name)) {
                    return at;
                }
            }
        }
        List<String> shown = header.subList(0, Math.min(8, header.size()));
        throw lines.error()
                .found("has the columns " + String.join(", ", shown) + (shown.size() < header.size() ? ", …" : ""))
                .expected("a column named " + String.join(" or ", names))
                .remedy("Rename the column" + (option == null ? "" : ", or name it by " + option))
                .build();
    }

    /**
     * Moves to the next row.
     *
     * @return whether there is one
     * @throws InputException when it has more or fewer fields than the header
     */
    public boolean next() throws IOException {
        do {
            if (!lines.next()) {
                return false;
            }
        } while (lines.length() == 0);
        fields.cut(lines.bytes(), lines.length());
        if (fields.count() != header.size()) {
            throw lines.error()
                    .found("has " + fields.count() + " fields")
                    .expected(header.size() + ", as in the header")
                    .remedy("Check whether the file was cut off there, or a name holds the separator without quotes")
                    .build();
        }
        return true;
    }

    /** A field of the row, without quotes and the spaces around it. */
    public String text(int column) {
        return fields.text(column);
    }

    /**
     * A name in the row.
     *
     * @throws InputException when the field is empty
     */
    public String name(int column) {
        String name = fields.text(column);
        if (name.isEmpty()) {
            throw lines.error()
                    .found("has nothing in the column " + header.get(column))
                    .expected("a name")
                    .build();
        }
        return name;
    }

    /**
     * A number in the row.
     *
     * @throws InputException when the field is none, is empty, or is beyond what a float holds
     */
    public float number(int column) {
        float value = (float) fields.number(column);
        if (!Float.isFinite(value)) {
            throw lines.error()
                    .found("has \"" + fields.text(column) + "\" in the column " + header.get(column))
                    .expected("a finite number")
                    .remedy("Correct it, or leave the row out of the file")
                    .build();
        }
        return value;
    }

    /** The row's line in the file, from 1. */
    public long line() {
        return lines.number();
    }

    /** An error at this row. */
    public InputException.Builder error() {
        return lines.error();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
