package org.celllm.data.anndata.write;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.matrix.Column;

/** Writes one column of a data frame in the encoding of anndata 0.8 and later. */
final class ColumnWriter {
    private ColumnWriter() {}

    /** Writes {@code column} under {@code name} into the data frame's group. */
    static void write(Hdf5Group frame, String name, Column column) throws IOException {
        if (column instanceof Column.Categorical categorical) {
            categorical(frame, name, categorical);
        } else if (column instanceof Column.Text text) {
            if (Arrays.asList(text.values()).contains(null)) {
                // Strings have no missing value that every version reads; categories have.
                categorical(frame, name, categories(text));
            } else {
                frame.texts(name, List.of(text.values()), "string-array");
            }
        } else if (column instanceof Column.Numeric numeric) {
            numbers(frame, name, numeric, true);
        } else if (column instanceof Column.Logical logical) {
            truths(frame, name, logical);
        }
    }

    /** Writes a list of numbers: whole ones as 64-bit integers when none is missing, others as doubles. */
    static void numbers(Hdf5Group frame, String name, Column.Numeric numeric, boolean encoded) throws IOException {
        double[] values = numeric.values();
        boolean whole = numeric.integer() && Arrays.stream(values).noneMatch(Double::isNaN);
        try (Hdf5Dataset dataset =
                frame.makeDataset(name, whole ? Hdf5Types::int64 : Hdf5Types::float64, values.length)) {
            if (whole) {
                long[] longs = new long[values.length];
                for (int i = 0; i < longs.length; i++) {
                    longs[i] = (long) values[i];
                }
                dataset.put(longs, 0, longs.length);
            } else {
                dataset.put(values, 0, values.length);
            }
            if (encoded) {
                array(dataset);
            }
        }
    }

    private static void truths(Hdf5Group frame, String name, Column.Logical logical) throws IOException {
        byte[] values = logical.values();
        boolean missing = false;
        for (byte value : values) {
            missing |= value < 0;
        }
        if (!missing) {
            try (Hdf5Dataset dataset = frame.makeDataset(name, Hdf5Types::truth, values.length)) {
                dataset.putTruths(values, 0, values.length);
                array(dataset);
            }
            return;
        }
        int[] codes = new int[values.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = values[i];
        }
        categorical(frame, name, new Column.Categorical(codes, List.of("False", "True")));
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
