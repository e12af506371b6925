package org.celllm.data.genes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.table.TextLines;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table of gene names: tabs, commas or semicolons, gzipped or not, fields in quotes or not. Lines that are
 * empty or begin with {@code ##} or {@code #!} are passed over. What is no such table is an {@link InputException}.
 */
final class NameRows implements AutoCloseable {
    /** The most rows; the largest tables of orthologues have a tenth of it. */
    static final int MOST_ROWS = 2_000_000;

    private static final int LONGEST_LINE = 1 << 20;

    private final Path file;
    private final TextLines lines;
    private final String what;
    private char separator;
    private int rows;

    /**
     * Opens a file.
     *
     * @param what what it is said to be, for errors: {@code "an HGNC table"}
     */
    NameRows(Path file, String what) throws IOException {
        this.file = file;
        this.lines = new TextLines(file, LONGEST_LINE);
        this.what = what;
    }

    /** The fields of the next row, stripped and without quotes; {@code null} at the end. */
    @Nullable
    List<String> next() throws IOException {
        while (lines.next()) {
            String line = new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8);
            if (line.indexOf('\0') >= 0 || line.startsWith("PK\u0003\u0004")) {
                throw lines.error()
                        .found("is not text")
                        .expected(what + " as text, gzipped or not")
                        .remedy("Export the table as tsv or csv")
                        .build();
            }
            if (line.isBlank() || line.startsWith("##") || line.startsWith("#!")) {
                continue;
            }
            rows++;
            if (rows > MOST_ROWS) {
                throw lines.error()
                        .found("is row " + rows)
                        .expected(what + " of " + MOST_ROWS + " rows at most")
                        .build();
            }
            if (rows == 1) {
                String first = line.startsWith("\uFEFF") ? line.substring(1) : line;
                separator = separator(first);
                return cut(first);
            }
            return cut(line);
        }
        return null;
    }

    /** The first row, which has to be there. */
    List<String> header() throws IOException {
        List<String> first = next();
        if (first == null) {
            throw InputException.about(file)
                    .found("the file is empty")
                    .expected(what)
                    .remedy("Download or export the table again")
                    .build();
        }
        return first;
    }

    /**
     * Fails when a row has fewer fields than are needed of it.
     *
     * @param fields how many are needed
     */
    void require(List<String> row, int fields) {
        if (row.size() < fields) {
            throw lines.error()
                    .found("holds " + row.size() + " of the fields")
                    .expected("at least " + fields + ", as the first line has")
                    .remedy("The table is cut off or damaged: download or export it again")
                    .build();
        }
    }

    /** An error at this row. */
    InputException.Builder error() {
        return lines.error();
    }

    private static char separator(String line) {
        if (line.indexOf('\t') >= 0) {
            return '\t';
        }
        long commas = line.chars().filter(c -> c == ',').count();
        long semicolons = line.chars().filter(c -> c == ';').count();
        return semicolons > commas ? ';' : ',';
    }

    private List<String> cut(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && !quoted && field.isEmpty()) {
                quoted = true;
            } else if (c == '"' && quoted) {
                // Within quotes a doubled quote is one; a single one ends them.
                boolean doubled = i + 1 < line.length() && line.charAt(i + 1) == '"';
                quoted = doubled;
                i += doubled ? 1 : 0;
                field.append(doubled ? "\"" : "");
            } else if (c == separator && !quoted) {
                fields.add(field.toString().strip());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString().strip());
        return fields;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
