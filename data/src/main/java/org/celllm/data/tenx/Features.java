package org.celllm.data.tenx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.jspecify.annotations.Nullable;

/**
 * The features of a 10x matrix after leaving out what is no gene.
 *
 * @param genes the genes kept
 * @param kept [features] the column of each, −1 for one left out; {@code null} when all are kept
 * @param remark what was left out, or {@code null}
 */
record Features(
        AnnotationTable genes,
        int @Nullable [] kept,
        @Nullable String remark) {
    private static final String EXPRESSION = "Gene Expression";

    /** Name of the column of feature types. */
    static final String TYPES = "feature_types";

    /** Keeps the features of type Gene Expression, or all when there is no other type, or no such one. */
    static Features of(AnnotationTable all) {
        Column types = all.column(TYPES);
        if (types == null) {
            return new Features(all, null, null);
        }
        List<Integer> rows = new ArrayList<>();
        Set<String> others = new LinkedHashSet<>();
        int[] kept = new int[all.size()];
        for (int i = 0; i < kept.length; i++) {
            String type = types.text(i);
            boolean expression = EXPRESSION.equals(type);
            kept[i] = expression ? rows.size() : -1;
            if (expression) {
                rows.add(i);
            } else {
                others.add(String.valueOf(type));
            }
        }
        if (rows.isEmpty() || rows.size() == kept.length) {
            return new Features(all, null, null);
        }
        Map<String, Column> columns = new LinkedHashMap<>();
        for (Map.Entry<String, Column> column : all.columns().entrySet()) {
            columns.put(column.getKey(), select(column.getValue(), rows));
        }
        AnnotationTable genes =
                new AnnotationTable(rows.stream().map(all.names()::get).toList(), columns);
        int left = kept.length - rows.size();
        return new Features(
                genes, kept, left + " features that are no genes were left out: " + String.join(", ", others));
    }

    private static Column select(Column column, List<Integer> rows) {
        @Nullable String[] values = new String[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.text(rows.get(i));
        }
        return new Column.Text(values);
    }
}
