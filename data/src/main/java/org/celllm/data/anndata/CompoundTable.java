package org.celllm.data.anndata;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.hdf5.CompoundRows;
import org.celllm.data.hdf5.Hdf5Dataset;
import org.celllm.data.hdf5.Hdf5Group;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tables of anndata before 0.7: one compound dataset with a field {@code index}; the categories of a coded
 * field stand in {@code uns} under the field's name and {@code _categories}.
 */
final class CompoundTable {
    private CompoundTable() {}

    static AnnotationTable read(Hdf5Dataset dataset, @Nullable Hdf5Group uns) {
        CompoundRows rows = CompoundRows.of(dataset);
        List<String> names = new ArrayList<>();
        Map<String, Column> columns = new LinkedHashMap<>();
        String index = rows.fields().contains("index")
                ? "index"
                : rows.fields().contains("_index") ? "_index" : rows.fields().get(0);
        for (String field : rows.fields()) {
            Column column = column(rows, field);
            if (field.equals(index)) {
                names = AnnDataColumn.texts(column);
            } else if (column != null) {
                columns.put(field, decoded(column, field, uns));
            }
        }
        return new AnnotationTable(names, columns);
    }

    private static @Nullable Column column(CompoundRows rows, String field) {
        return switch (rows.type(field).kind()) {
            case FIXED_STRING, STRING -> new Column.Text(rows.strings(field));
            case INTEGER -> new Column.Numeric(rows.doubles(field), true);
            case FLOAT -> new Column.Numeric(rows.doubles(field), false);
            case BOOLEAN -> AnnDataColumn.logical(rows.doubles(field));
            case COMPOUND, OTHER -> null;
        };
    }

    private static Column decoded(Column column, String field, @Nullable Hdf5Group uns) {
        Hdf5Dataset dataset = uns == null || !(column instanceof Column.Numeric numbers && numbers.integer())
                ? null
                : uns.dataset(field + "_categories");
        if (dataset == null) {
            return column;
        }
        List<String> categories = AnnDataColumn.texts(AnnDataColumn.plain(dataset));
        double[] stored = ((Column.Numeric) column).values();
        int[] codes = new int[stored.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (int) stored[i];
            if (codes[i] < -1 || codes[i] >= categories.size()) {
                // Numbers that happen to share a name with categories: leave them numbers.
                return column;
            }
        }
        return new Column.Categorical(codes, categories);
    }
}
