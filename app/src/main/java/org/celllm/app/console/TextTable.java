package org.celllm.app.console;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.OverflowBehaviour;
import java.util.List;
import java.util.regex.Pattern;

/** Tables in plain characters. */
final class TextTable {
    /** Wide enough for a sentence, narrow enough for a terminal beside other columns. */
    private static final int WIDEST_COLUMN = 72;

    private static final Pattern NUMBER = Pattern.compile("[-−+]?[\\d.,]+([eE][-+]?\\d+)?\\s?%?( ?± ?[\\d.]+)?|–|");

    private TextTable() {}

    static String of(List<String> header, List<List<String>> rows) {
        Column[] columns = new Column[header.size()];
        for (int i = 0; i < columns.length; i++) {
            int column = i;
            boolean numbers = !rows.isEmpty()
                    && rows.stream()
                            .allMatch(row -> NUMBER.matcher(row.get(column)).matches());
            HorizontalAlign align = numbers ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
            columns[i] = new Column()
                    .header(header.get(i))
                    .headerAlign(align)
                    .dataAlign(align)
                    .maxWidth(WIDEST_COLUMN, OverflowBehaviour.NEWLINE);
        }
        Object[][] cells = rows.stream().map(List::toArray).toArray(Object[][]::new);
        return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, columns, cells);
    }
}
