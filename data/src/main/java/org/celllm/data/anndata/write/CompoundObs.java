package org.celllm.data.anndata.write;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.celllm.data.matrix.Column;

/**
 * Adds columns to an {@code obs} that is one compound dataset. Texts become categories: such files keep codes in the
 * table and the categories in {@code uns} under {@code <column>_categories}.
 */
final class CompoundObs {
    private CompoundObs() {}

    static void write(Hdf5File file, H5adLayout layout, Map<String, Column> columns) throws IOException {
        Map<String, Column> stored = new LinkedHashMap<>();
        Map<String, Hdf5Group.Type> fields = new LinkedHashMap<>();
        columns.forEach((name, column) -> {
            Column plain = ColumnWriter.withoutMissing(column);
            stored.put(name, plain instanceof Column.Text text ? ColumnWriter.categories(text) : plain);
        });
        stored.forEach((name, column) -> fields.put(name, type(column)));
        CompoundExtension table = CompoundExtension.extend(file, "obs", fields);
        for (Map.Entry<String, Column> column : stored.entrySet()) {
            table.put(column.getKey(), type(column.getValue()), 0, layout.cells(), () -> values(column.getValue()));
        }
        try (Hdf5Group uns = layout.hasUns() ? file.openGroup("uns") : file.makeGroup("uns")) {
            for (Map.Entry<String, Column> column : stored.entrySet()) {
                String name = column.getKey() + "_categories";
                if (uns.has(name)) {
                    uns.delete(name);
                }
                if (column.getValue() instanceof Column.Categorical categorical) {
                    uns.texts(name, categorical.categories(), "");
                }
            }
        }
    }

    private static Hdf5Group.Type type(Column column) {
        if (column instanceof Column.Categorical categorical) {
            // As pandas, codes of a byte up to 127 categories; the wider types hold codes of any table.
            return categorical.categories().size() <= 127 ? Hdf5Types::int8 : Hdf5Types::int32;
        }
        if (column instanceof Column.Logical) {
            return Hdf5Types::truth;
        }
        return column instanceof Column.Numeric numeric && ColumnWriter.isWhole(numeric)
                ? Hdf5Types::int64
                : Hdf5Types::float64;
    }

    private static Pointer values(Column column) {
        if (column instanceof Column.Categorical categorical) {
            int[] codes = categorical.codes();
            if (categorical.categories().size() > 127) {
                return new IntPointer(codes);
            }
            byte[] narrow = new byte[codes.length];
            for (int i = 0; i < codes.length; i++) {
                narrow[i] = (byte) codes[i];
            }
            return new BytePointer(narrow);
        }
        if (column instanceof Column.Logical logical) {
            return new BytePointer(logical.values());
        }
        if (column instanceof Column.Numeric numeric) {
            return ColumnWriter.isWhole(numeric)
                    ? new LongPointer(Arrays.stream(numeric.values())
                            .mapToLong(v -> (long) v)
                            .toArray())
                    : new DoublePointer(numeric.values());
        }
        throw new IllegalStateException("texts were made categories: " + List.of(column.size()));
    }
}
