package org.celllm.data.tenx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.celllm.data.InputException;
import org.celllm.data.matrix.Coordinates;
import org.celllm.data.table.TextLines;
import org.celllm.data.table.TextNumbers;
import org.jspecify.annotations.Nullable;

/**
 * A MatrixMarket file of coordinates, gzipped or not: a header, and a line {@code row column value} for each value,
 * counted from 1.
 */
final class MatrixMarket implements Coordinates {
    private static final String MARK = "%%MatrixMarket";

    private final Path file;
    private final Head head;
    private final boolean cellsInRows;
    private final int @Nullable [] kept;

    /**
     * The header of a file.
     *
     * @param rows rows
     * @param columns columns
     * @param entries values
     * @param pattern whether values are left out, each being 1
     * @param type the type its first line names: {@code integer}, {@code real}, {@code pattern}
     */
    record Head(int rows, int columns, long entries, boolean pattern, String type) {}

    /** Takes one entry; rows and columns count from 0. */
    interface Entry {
        void accept(int row, int column, float value);
    }

    MatrixMarket(Path file, Head head, boolean cellsInRows, int @Nullable [] kept) {
        this.file = file;
        this.head = head;
        this.cellsInRows = cellsInRows;
        this.kept = kept;
    }

    static boolean recognises(byte[] text) {
        return new String(text, 0, Math.min(text.length, MARK.length()), StandardCharsets.US_ASCII).equals(MARK);
    }

    static Head head(Path file) throws IOException {
        try (TextLines lines = new TextLines(file)) {
            return head(lines);
        }
    }

    private static Head head(TextLines lines) throws IOException {
        lines.next();
        String first = text(lines).toLowerCase(Locale.ROOT);
        String[] words = first.split("\\s+");
        boolean known = words.length >= 5
                && words[0].equals(MARK.toLowerCase(Locale.ROOT))
                && words[2].equals("coordinate")
                && (words[3].equals("integer") || words[3].equals("real") || words[3].equals("pattern"))
                && words[4].equals("general");
        if (!known) {
            throw lines.error()
                    .found("is \"" + (first.length() > 80 ? first.substring(0, 80) + "…" : first) + "\"")
                    .expected("%%MatrixMarket matrix coordinate integer|real|pattern general")
                    .build();
        }
        while (lines.next()) {
            if (lines.length() > 0 && lines.bytes()[0] != '%') {
                long[] sizes = new long[3];
                double[] found = numbers(lines, 3);
                for (int i = 0; i < 3; i++) {
                    sizes[i] = (long) found[i];
                    if (found[i] != sizes[i] || sizes[i] < 0 || (i < 2 && sizes[i] > Integer.MAX_VALUE - 64)) {
                        throw lines.error()
                                .found("is no size of a matrix")
                                .expected("rows, columns and entries")
                                .build();
                    }
                }
                return new Head((int) sizes[0], (int) sizes[1], sizes[2], words[3].equals("pattern"), words[3]);
            }
        }
        throw lines.error()
                .found("the file ends before its sizes")
                .expected("rows, columns and entries")
                .build();
    }

    /** Streams every entry. */
    private void entries(Entry entry) throws IOException {
        try (TextLines lines = new TextLines(file)) {
            head(lines);
            long count = 0;
            int width = head.pattern() ? 2 : 3;
            while (lines.next()) {
                if (lines.length() == 0) {
                    continue;
                }
                double[] numbers = numbers(lines, width);
                int row = (int) numbers[0] - 1;
                int column = (int) numbers[1] - 1;
                if (row < 0 || row >= head.rows() || column < 0 || column >= head.columns()) {
                    throw lines.error()
                            .found("names row " + (row + 1L) + ", column " + (column + 1L))
                            .expected("at most " + head.rows() + " and " + head.columns())
                            .build();
                }
                count++;
                entry.accept(row, column, head.pattern() ? 1 : (float) numbers[2]);
            }
            if (count != head.entries()) {
                throw InputException.about(file)
                        .found("has " + count + " entries")
                        .expected(head.entries() + ", as its header says")
                        .remedy("The file was cut while being written or copied: copy or download it again")
                        .build();
            }
        }
    }

    @Override
    public void count(int[] valuesOfCell) throws IOException {
        forEach((cell, gene, value) -> valuesOfCell[cell]++);
    }

    @Override
    public void forEach(Sink sink) throws IOException {
        entries((row, column, value) -> {
            int gene = cellsInRows ? column : row;
            int place = kept == null ? gene : kept[gene];
            if (place >= 0) {
                sink.accept(cellsInRows ? row : column, place, value);
            }
        });
    }

    private static double[] numbers(TextLines lines, int count) {
        double[] numbers = new double[count];
        byte[] bytes = lines.bytes();
        int at = 0;
        for (int i = 0; i < count; i++) {
            while (at < lines.length() && (bytes[at] == ' ' || bytes[at] == '\t')) {
                at++;
            }
            int from = at;
            while (at < lines.length() && bytes[at] != ' ' && bytes[at] != '\t') {
                at++;
            }
            numbers[i] = TextNumbers.parse(bytes, from, at);
            if (numbers[i] == TextNumbers.NO_NUMBER || Double.isNaN(numbers[i])) {
                String line = text(lines);
                throw lines.error()
                        .found("is \"" + (line.length() > 80 ? line.substring(0, 80) + "…" : line) + "\"")
                        .expected(count + " numbers")
                        .remedy("The file is damaged or was cut: copy or download it again")
                        .build();
            }
        }
        return numbers;
    }

    private static String text(TextLines lines) {
        return new String(lines.bytes(), 0, Math.min(lines.length(), 1000), StandardCharsets.UTF_8);
    }
}
