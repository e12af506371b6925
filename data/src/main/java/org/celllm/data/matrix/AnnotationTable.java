package org.celllm.data.matrix;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names and columns of cells or of genes ({@code obs} or {@code var}).
 *
 * @param names [rows] the index
 * @param columns by name, in the file's order; columns of types we do not read are left out
 */
public record AnnotationTable(List<String> names, Map<String, Column> columns) {
    public AnnotationTable {
        columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        for (Map.Entry<String, Column> column : columns.entrySet()) {
            if (column.getValue().size() != names.size()) {
                throw new IllegalArgumentException("column " + column.getKey() + " has "
                        + column.getValue().size() + " rows, the table " + names.size());
            }
        }
    }

    /** How many rows. */
    public int size() {
        return names.size();
    }

    /** The column of that name, or {@code null}. */
    public @Nullable Column column(String name) {
        return columns.get(name);
    }
}
