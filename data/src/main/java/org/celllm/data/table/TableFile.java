package org.celllm.data.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellRangePasses;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.Column;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.MatrixSlot;
import org.jspecify.annotations.Nullable;

/** A table of text with names on both sides: csv or tsv, gzipped or not, with cells or with genes in rows. */
public final class TableFile implements ExpressionFile {
    private final Path path;
    private final TableLayout layout;
    private final Orientation orientation;
    private final ColumnRoles roles;
    private final AnnotationTable rows;
    private final AnnotationTable columns;
    private final MatrixSlot slot;

    private TableFile(Path path, TableLayout layout) throws IOException {
        this.path = path;
        this.layout = layout;
        int rowCount = countRows(path);
        this.orientation = Orientation.of(
                layout.corner(),
                layout.rowNames(),
                layout.names(),
                rowCount > layout.names().size());
        this.roles = ColumnRoles.of(layout, orientation.genesInRows());
        if (roles.values().length < 2) {
            throw InputException.about(path)
                    .found("has " + roles.values().length + " columns of numbers that are no annotation")
                    .expected("a table of expression")
                    .build();
        }
        this.rows = rows();
        if (2L * new HashSet<>(rows.names()).size() < rowCount) {
            throw InputException.about(path)
                    .found("the names in its first column repeat: " + new HashSet<>(rows.names()).size() + " names in "
                            + rowCount + " rows")
                    .expected("a table of expression, in which every row is another gene or another cell")
                    .build();
        }
        this.columns = new AnnotationTable(
                Arrays.stream(roles.values()).mapToObj(layout.names()::get).toList(), Map.of());
        this.slot = new MatrixSlot("matrix", cells().size(), genes().size(), MatrixSlot.Layout.DENSE, "text", -1);
    }

    /**
     * Reads the names on both sides, and checks that every row has as many fields.
     *
     * @throws InputException when the text is no such table
     */
    public static TableFile open(Path path) throws IOException {
        return new TableFile(path, TableLayout.of(path));
    }

    private static int countRows(Path path) throws IOException {
        int count = -1;
        try (TextLines lines = new TextLines(path)) {
            while (lines.next()) {
                count += lines.length() > 0 ? 1 : 0;
            }
        }
        return count;
    }

    private AnnotationTable rows() throws IOException {
        List<String> names = new ArrayList<>();
        List<List<@Nullable String>> texts = new ArrayList<>();
        for (int i = 0; i < roles.annotations().length; i++) {
            texts.add(new ArrayList<>());
        }
        try (TableRows reader = new TableRows(path, layout)) {
            while (reader.next()) {
                names.add(reader.fields().text(0));
                for (int i = 0; i < texts.size(); i++) {
                    String text = reader.fields().text(roles.annotations()[i] + 1);
                    texts.get(i).add(text.isEmpty() || text.equals("NA") ? null : text);
                }
            }
        }
        Map<String, Column> annotations = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            int column = roles.annotations()[i];
            annotations.put(layout.names().get(column), column(texts.get(i), layout.numeric()[column]));
        }
        return new AnnotationTable(List.copyOf(names), annotations);
    }

    private static Column column(List<@Nullable String> texts, boolean numeric) {
        double[] values = new double[texts.size()];
        boolean whole = true;
        for (int i = 0; numeric && i < values.length; i++) {
            String text = texts.get(i);
            byte[] bytes = (text == null ? "" : text).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            values[i] = TextNumbers.parse(bytes, 0, bytes.length);
            numeric = values[i] != TextNumbers.NO_NUMBER;
            whole &= Double.isNaN(values[i]) || values[i] == Math.rint(values[i]);
        }
        @Nullable String[] words = texts.toArray(new @Nullable String[0]);
        return numeric ? new Column.Numeric(values, whole) : new Column.Text(words);
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public String format() {
        String name = switch (layout.separator()) {
            case '\t' -> "tab";
            case ',' -> "comma";
            default -> "semicolon";
        };
        return "text table (" + name + "-separated, " + (orientation.genesInRows() ? "genes" : "cells") + " in rows)";
    }

    @Override
    public List<String> remarks() {
        String side = orientation.genesInRows() ? "rows" : "columns";
        return List.of("genes stand in the " + side + ": " + orientation.why());
    }

    @Override
    public List<MatrixSlot> slots() {
        return List.of(slot);
    }

    @Override
    public AnnotationTable cells() {
        return orientation.genesInRows() ? columns : rows;
    }

    private AnnotationTable genes() {
        return orientation.genesInRows() ? rows : columns;
    }

    @Override
    public AnnotationTable genes(MatrixSlot asked) {
        return genes();
    }

    @Override
    public CellReader read(MatrixSlot asked, int cellsPerBlock) throws IOException {
        return orientation.genesInRows()
                ? new CellRangePasses(
                        new TransposedTable(path, layout, roles.values()),
                        slot.cells(),
                        cellsPerBlock,
                        CellRangePasses.budgetOfHeap())
                : new TableCells(path, layout, roles.values(), cellsPerBlock);
    }

    @Override
    public CellBlock pick(MatrixSlot asked, int[] cells) throws IOException {
        if (orientation.genesInRows()) {
            return CellRangePasses.pick(new TransposedTable(path, layout, roles.values()), cells, slot.cells());
        }
        try (CellReader reader = read(asked, 1)) {
            return CellReader.pick(reader, cells);
        }
    }

    @Override
    public void close() {
        // Every reader opens the file for itself.
    }
}
