package org.celllm.data.anndata.write;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.matrix.Column;

/**
 * Writes one column of a data frame. Missing texts and truth values become categories, for which every version of
 * anndata has a missing value.
 */
final class ColumnWriter {
    /** Group of a data frame that holds the categories of its columns. */
    static final String CATEGORIES = "__categories";

    private ColumnWriter() {}

    /** Writes {@code column} under {@code name} in the encoding of anndata 0.8 and later. */
    static void write(Hdf5Group frame, String name, Column column) throws IOException {
        Column plain = withoutMissing(column);
        if (plain instanceof Column.Categorical categorical) {
            categorical(frame, name, categorical);
        } else if (plain instanceof Column.Text text) {
            frame.texts(name, Arrays.asList(texts(text)), "string-array");
        } else if (plain instanceof Column.Numeric numeric) {
            try (Hdf5Dataset dataset = numbers(frame, name, numeric)) {
                array(dataset);
            }
        } else if (plain instanceof Column.Logical logical) {
            try (Hdf5Dataset dataset = truths(frame, name, logical)) {
                array(dataset);
            }
        }
    }

    /**
     * Writes {@code column} in the encoding of anndata 0.7: nothing says its type, and categories stand in
     * {@code __categories}, to which the codes refer.
     */
    static void writeReferenced(Hdf5Group frame, String name, Column column) throws IOException {
        Column plain = withoutMissing(column);
        if (plain instanceof Column.Categorical categorical) {
            try (Hdf5Group all = frame.has(CATEGORIES) ? frame.openGroup(CATEGORIES) : frame.makeGroup(CATEGORIES);
                    Hdf5Dataset codes = codes(frame, name, categorical);
                    Hdf5Dataset categories = all.makeTexts(name, categorical.categories())) {
                categories.attribute("ordered", false);
                codes.reference("categories", categories);
            }
        } else if (plain instanceof Column.Text text) {
            frame.texts(name, Arrays.asList(texts(text)), "");
        } else if (plain instanceof Column.Numeric numeric) {
            numbers(frame, name, numeric).close();
        } else if (plain instanceof Column.Logical logical) {
            truths(frame, name, logical).close();
        }
    }

    /** The same column, as categories where something is missing that only categories can miss. */
    static Column withoutMissing(Column column) {
        if (column instanceof Column.Text text && Arrays.asList(text.values()).contains(null)) {
            return categories(text);
        }
        if (column instanceof Column.Logical logical) {
            int[] codes = new int[logical.size()];
            boolean missing = false;
            for (int i = 0; i < codes.length; i++) {
                codes[i] = logical.values()[i];
                missing |= codes[i] < 0;
            }
            return missing ? new Column.Categorical(codes, List.of("False", "True")) : column;
        }
        return column;
    }

    /** Whether numbers are stored as 64-bit integers rather than doubles: whole ones, none of which is missing. */
    static boolean isWhole(Column.Numeric numeric) {
        return numeric.integer() && Arrays.stream(numeric.values()).noneMatch(Double::isNaN);
    }

    private static Hdf5Dataset numbers(Hdf5Group frame, String name, Column.Numeric numeric) throws IOException {
        double[] values = numeric.values();
        if (!isWhole(numeric)) {
            Hdf5Dataset dataset = frame.makeDataset(name, Hdf5Types::float64, values.length);
            dataset.put(values, 0, values.length);
            return dataset;
        }
        Hdf5Dataset dataset = frame.makeDataset(name, Hdf5Types::int64, values.length);
        dataset.put(Arrays.stream(values).mapToLong(value -> (long) value).toArray(), 0, values.length);
        return dataset;
    }

    private static Hdf5Dataset truths(Hdf5Group frame, String name, Column.Logical logical) throws IOException {
        Hdf5Dataset dataset = frame.makeDataset(name, Hdf5Types::truth, logical.size());
        dataset.putTruths(logical.values(), 0, logical.size());
        return dataset;
    }

    private static String[] texts(Column.Text text) {
        return Arrays.stream(text.values()).map(String::valueOf).toArray(String[]::new);
    }

    private static void categorical(Hdf5Group frame, String name, Column.Categorical column) throws IOException {
        try (Hdf5Group group = frame.makeGroup(name)) {
            group.attribute("encoding-type", "categorical");
            group.attribute("encoding-version", "0.2.0");
            group.attribute("ordered", false);
            group.texts("categories", column.categories(), "string-array");
            try (Hdf5Dataset codes = codes(group, "codes", column)) {
                array(codes);
            }
        }
    }

    /** Writes the codes of a categorical column in the narrowest type that holds them, as pandas does. */
    static Hdf5Dataset codes(Hdf5Group group, String name, Column.Categorical column) throws IOException {
        int categories = column.categories().size();
        Hdf5Group.Type type =
                categories <= 127 ? Hdf5Types::int8 : categories <= 32_767 ? Hdf5Types::int16 : Hdf5Types::int32;
        int[] codes = column.codes();
        Hdf5Dataset dataset = group.makeDataset(name, type, codes.length);
        dataset.put(codes, 0, codes.length);
        return dataset;
    }

    /** The narrowest type for codes of so many categories. */
    static Hdf5Group.Type codeType(int categories) {
        return categories <= 127 ? Hdf5Types::int8 : categories <= 32_767 ? Hdf5Types::int16 : Hdf5Types::int32;
    }

    /** The same column as categories, in order of appearance. */
    static Column.Categorical categories(Column.Text text) {
        Map<String, Integer> index = new LinkedHashMap<>();
        int[] codes = new int[text.size()];
        for (int i = 0; i < codes.length; i++) {
            String value = text.text(i);
            codes[i] = value == null ? -1 : index.computeIfAbsent(value, unseen -> index.size());
        }
        return new Column.Categorical(codes, new ArrayList<>(index.keySet()));
    }

    private static void array(Hdf5Dataset dataset) throws IOException {
        dataset.attribute("encoding-type", "array");
        dataset.attribute("encoding-version", "0.2.0");
    }
}
