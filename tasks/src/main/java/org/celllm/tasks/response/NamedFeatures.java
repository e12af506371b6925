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
import org.celllm.tasks.drug.MolecularFingerprint;
import org.celllm.tasks.drug.Molecule;

/**
 * What is known of cell lines (expression, mutation, copy number: a number a line and gene) or of drugs (bits of a
 * fingerprint, descriptors): a row of numbers for each name.
 *
 * @param names [rows] of the lines or drugs, each once
 * @param columns [columns] of the genes or bits, each once
 * @param values [rows, columns] finite
 */
public record NamedFeatures(List<String> names, List<String> columns, float[][] values) {
    public NamedFeatures {
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
     * Reads a csv or tsv, gzipped or not: a header, then a row a line or drug with its name first.
     *
     * @param what a row describes, for errors: {@code "line"}
     * @throws InputException naming file and line when a field is no finite number or a name stands there twice
     */
    public static NamedFeatures read(Path file, String what) throws IOException {
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

    /**
     * The fingerprints of drugs: ECFP4, a column a bit.
     *
     * @param drugs their molecules
     */
    public static NamedFeatures fingerprints(List<Molecule> drugs) {
        List<String> bits = new ArrayList<>();
        for (int bit = 0; bit < MolecularFingerprint.SIZE; bit++) {
            bits.add("ECFP4 bit " + bit);
        }
        return new NamedFeatures(
                drugs.stream().map(Molecule::name).toList(),
                bits,
                drugs.stream().map(drug -> drug.fingerprint().bits()).toArray(float[][]::new));
    }

    /**
     * The rows of some names, in their order.
     *
     * @throws IllegalArgumentException when one is not there
     */
    public NamedFeatures of(List<String> wanted) {
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
