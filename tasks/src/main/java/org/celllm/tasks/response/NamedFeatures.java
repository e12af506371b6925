package org.celllm.tasks.response;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.celllm.data.InputException;
import org.celllm.data.table.HeadedTable;

/**
 * A row of numbers for each name: what {@link LineFeatures} and {@link DrugFeatures} have in common.
 *
 * @param names [rows] each once
 * @param columns [columns] each once
 * @param values [rows, columns] finite
 */
record NamedFeatures(List<String> names, List<String> columns, float[][] values) {
    NamedFeatures {
        names = List.copyOf(names);
        columns = List.copyOf(columns);
        if (columns.isEmpty() || values.length != names.size()) {
            throw new IllegalArgumentException(names.size() + " names for " + values.length + " rows of features");
        }
        if (new HashSet<>(names).size() < names.size() || new HashSet<>(columns).size() < columns.size()) {
            throw new IllegalArgumentException("a name stands twice among the rows or columns of features");
        }
        for (float[] row : values) {
            if (row.length != columns.size()) {
                throw new IllegalArgumentException(row.length + " features instead of " + columns.size());
            }
            for (float value : row) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("a feature is " + value);
                }
            }
        }
    }

    /**
     * Reads a csv or tsv, gzipped or not: the name first, then numbers.
     *
     * @param what a row describes, for errors: {@code "line"}
     */
    static NamedFeatures read(Path file, String what) throws IOException {
        List<String> names = new ArrayList<>();
        List<float[]> values = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        try (HeadedTable table = HeadedTable.open(file)) {
            List<String> columns = table.header().subList(1, table.header().size());
            if (columns.isEmpty()) {
                throw table.error()
                        .found("has one column")
                        .expected("the " + what + "'s name and then its features, separated by commas or tabs")
                        .build();
            }
            Set<String> headers = new HashSet<>();
            for (String column : columns) {
                if (!headers.add(column)) {
                    throw table.error()
                            .found("has the column " + column + " twice")
                            .expected("each feature once")
                            .build();
                }
            }
            while (table.next()) {
                String name = table.name(0);
                if (!seen.add(name)) {
                    throw table.error()
                            .found("has the " + what + " " + name + " a second time")
                            .expected("one row a " + what)
                            .build();
                }
                names.add(name);
                float[] row = new float[columns.size()];
                for (int j = 0; j < row.length; j++) {
                    row[j] = table.number(j + 1);
                }
                values.add(row);
            }
            if (names.isEmpty()) {
                throw InputException.about(file)
                        .found("has no row below its header")
                        .build();
            }
            return new NamedFeatures(names, columns, values.toArray(float[][]::new));
        }
    }

    /** The rows of some names, all of which must be there, in their order. */
    NamedFeatures of(List<String> wanted) {
        Map<String, Integer> places = DrugResponses.places(names);
        float[][] rows = new float[wanted.size()][];
        for (int i = 0; i < rows.length; i++) {
            Integer place = places.get(wanted.get(i));
            if (place == null) {
                throw new IllegalArgumentException(wanted.get(i) + " has no features");
            }
            rows[i] = values[place];
        }
        return new NamedFeatures(wanted, columns, rows);
    }
}
