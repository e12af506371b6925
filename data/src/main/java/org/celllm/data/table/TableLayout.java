package org.celllm.data.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.celllm.data.InputException;

/**
 * What the columns of a table are, found from its header and its first rows.
 *
 * @param separator tab, comma or semicolon
 * @param corner the header above the row names; empty where there is none
 * @param names header of every column after the row names
 * @param numeric whether the column holds numbers, or nothing
 * @param rowNames row names of the rows looked at
 */
record TableLayout(byte separator, String corner, List<String> names, boolean[] numeric, List<String> rowNames) {
    private static final int ROWS_LOOKED_AT = 200;

    private static final byte[] SEPARATORS = {'\t', ',', ';'};

    /**
     * Looks at the first rows.
     *
     * @throws InputException when the text is no table of numbers with names on both sides
     */
    static TableLayout of(Path file) throws IOException {
        try (TextLines lines = new TextLines(file)) {
            lines.next();
            byte separator = separator(lines);
            Fields fields = new Fields(separator);
            fields.cut(lines.bytes(), lines.length());
            List<String> header = new ArrayList<>();
            for (int i = 0; i < fields.count(); i++) {
                header.add(fields.text(i));
            }
            return rows(file, lines, fields, separator, header);
        }
    }

    private static TableLayout rows(Path file, TextLines lines, Fields fields, byte separator, List<String> header)
            throws IOException {
        List<String> rowNames = new ArrayList<>();
        boolean[] numeric = new boolean[0];
        boolean[] present = new boolean[0];
        boolean shifted = false;
        while (rowNames.size() < ROWS_LOOKED_AT && lines.next()) {
            if (lines.length() == 0) {
                continue;
            }
            fields.cut(lines.bytes(), lines.length());
            if (rowNames.isEmpty()) {
                // R writes no header above the row names.
                shifted = fields.count() == header.size() + 1;
                numeric = new boolean[fields.count() - 1];
                present = new boolean[numeric.length];
                Arrays.fill(numeric, true);
            }
            int expected = header.size() + (shifted ? 1 : 0);
            if (fields.count() != expected) {
                throw lines.error()
                        .found("has " + fields.count() + " fields")
                        .expected(expected + ", as the lines above have; a table with a header and row names")
                        .remedy("Is this a table of expression? Write it with pandas: frame.to_csv(path, sep=\"\\t\")")
                        .build();
            }
            rowNames.add(fields.text(0));
            for (int i = 1; i < expected; i++) {
                double value = fields.number(i);
                numeric[i - 1] &= value != TextNumbers.NO_NUMBER;
                present[i - 1] |= !Double.isNaN(value);
            }
        }
        int numbers = 0;
        for (int i = 0; i < numeric.length; i++) {
            numbers += numeric[i] && present[i] ? 1 : 0;
        }
        if (rowNames.isEmpty() || numbers < 2 || 2 * numbers < numeric.length) {
            throw InputException.about(file)
                    .found(
                            rowNames.isEmpty()
                                    ? "has one line only"
                                    : numbers + " of its " + numeric.length + " columns after the first hold numbers")
                    .expected("a table of expression: names of genes on one side, of cells on the other,"
                            + " numbers inside")
                    .build();
        }
        List<String> names = shifted ? header : header.subList(1, header.size());
        requireHeader(file, names);
        return new TableLayout(separator, shifted ? "" : header.get(0), List.copyOf(names), numeric, rowNames);
    }

    private static void requireHeader(Path file, List<String> names) {
        long fractions = names.stream()
                .filter(name -> name.indexOf('.') >= 0 && isNumber(name))
                .count();
        long zeros = names.stream().filter(name -> name.equals("0")).count();
        if (2 * (fractions + zeros) > names.size() && fractions + zeros > 1) {
            throw InputException.about(file)
                    .at("line 1")
                    .found("holds numbers")
                    .expected("a header with the names of the columns")
                    .remedy("Write the table with names on both sides, in pandas: frame.to_csv(path)")
                    .build();
        }
    }

    private static boolean isNumber(String text) {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        double value = TextNumbers.parse(bytes, 0, bytes.length);
        return value != TextNumbers.NO_NUMBER && !Double.isNaN(value);
    }

    private static byte separator(TextLines lines) {
        byte best = SEPARATORS[0];
        int most = 0;
        for (byte separator : SEPARATORS) {
            int count = 0;
            for (int i = 0; i < lines.length(); i++) {
                count += lines.bytes()[i] == separator ? 1 : 0;
            }
            if (count > most) {
                most = count;
                best = separator;
            }
        }
        if (most == 0) {
            throw lines.error()
                    .found("holds no tab, comma or semicolon")
                    .expected("the header of a table of expression (csv or tsv), or another format that is read:"
                            + " AnnData .h5ad, 10x .h5, a 10x folder")
                    .build();
        }
        return best;
    }
}
