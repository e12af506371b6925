package org.celllm.data.anndata;

import java.util.ArrayList;
import java.util.List;
import org.celllm.data.hdf5.ElementType;
import org.celllm.data.hdf5.Hdf5Dataset;
import org.celllm.data.hdf5.Hdf5Group;
import org.celllm.data.hdf5.Hdf5Values;
import org.celllm.data.matrix.Column;
import org.jspecify.annotations.Nullable;

/**
 * Reads one column of a data frame in any encoding: plain arrays; categoricals as a group (anndata 0.8 and later) or as
 * codes beside {@code __categories} (0.7); nullable integers, truth values and strings as values and a mask.
 */
final class AnnDataColumn {
    /** Rows looked at at a time. */
    private static final int PIECE = 1 << 16;

    private AnnDataColumn() {}

    /**
     * The column of that name, or {@code null} when it is of a kind that is not read (nested tables, references).
     *
     * @param frame the group of {@code obs} or {@code var}
     * @param rows how many rows a column has to have; −1 when they are not known yet
     */
    static @Nullable Column read(Hdf5Group frame, String name, long rows) {
        Hdf5Group group = frame.group(name);
        if (group != null) {
            return ofGroup(group, rows);
        }
        Hdf5Dataset dataset = frame.dataset(name);
        if (dataset == null || dataset.shape().length != 1) {
            return null;
        }
        requireRows(dataset, rows);
        Hdf5Group categories = frame.group("__categories");
        if (categories != null && dataset.type().kind() == ElementType.Kind.INTEGER) {
            Hdf5Dataset names = categories.dataset(name);
            if (names != null) {
                return categorical(dataset, texts(plain(names)));
            }
        }
        return plain(dataset);
    }

    private static @Nullable Column ofGroup(Hdf5Group group, long rows) {
        Hdf5Dataset codes = group.dataset("codes");
        if (codes != null) {
            requireRows(codes, rows);
            Column categories = read(group, "categories", -1);
            return categories == null ? null : categorical(codes, texts(categories));
        }
        Hdf5Dataset values = group.dataset("values");
        Hdf5Dataset mask = group.dataset("mask");
        if (values == null || mask == null) {
            return null;
        }
        requireRows(values, rows);
        requireRows(mask, values.length());
        Column whole = plain(values);
        return whole == null ? null : masked(whole, Hdf5Values.doubles(mask));
    }

    private static void requireRows(Hdf5Dataset dataset, long rows) {
        if (rows >= 0 && dataset.length() != rows) {
            throw dataset.error()
                    .found("has " + dataset.length() + " rows")
                    .expected(rows + ", as many as the index of its table")
                    .remedy("The file was not written to its end: write or copy it again")
                    .build();
        }
    }

    /** A plain array, or {@code null} when its type is not read. */
    static @Nullable Column plain(Hdf5Dataset dataset) {
        return switch (dataset.type().kind()) {
            case STRING, FIXED_STRING -> new Column.Text(Hdf5Values.strings(dataset));
            case BOOLEAN -> logical(Hdf5Values.doubles(dataset));
            case INTEGER -> new Column.Numeric(Hdf5Values.doubles(dataset), true);
            case FLOAT -> new Column.Numeric(Hdf5Values.doubles(dataset), false);
            case COMPOUND, OTHER -> null;
        };
    }

    static Column logical(double[] values) {
        byte[] truths = new byte[values.length];
        for (int i = 0; i < truths.length; i++) {
            truths[i] = (byte) (values[i] != 0 ? 1 : 0);
        }
        return new Column.Logical(truths);
    }

    private static Column categorical(Hdf5Dataset codes, List<String> categories) {
        long[] stored = Hdf5Values.longs(codes);
        int[] known = new int[stored.length];
        for (int i = 0; i < known.length; i++) {
            known[i] = code(codes, i, stored[i], categories);
        }
        return new Column.Categorical(known, categories);
    }

    private static int code(Hdf5Dataset codes, long row, long stored, List<String> categories) {
        if (stored < -1 || stored >= categories.size()) {
            throw codes.error()
                    .found("row " + row + " has the code " + stored)
                    .expected(
                            "−1 to " + (categories.size() - 1) + ", as there are " + categories.size() + " categories")
                    .remedy("The file is damaged: copy or write it again")
                    .build();
        }
        return (int) stored;
    }

    /**
     * Fails where {@link #read} would, and holds nothing: rows of texts, codes and numbers are read some at a time.
     *
     * @param rows how many rows the column has to have
     */
    static void check(Hdf5Group frame, String name, long rows) {
        Hdf5Group group = frame.group(name);
        Hdf5Dataset codes = group == null ? null : group.dataset("codes");
        if (group != null && codes != null) {
            requireRows(codes, rows);
            Column categories = read(group, "categories", -1);
            if (categories != null) {
                checkCodes(codes, texts(categories));
            }
            return;
        }
        Hdf5Dataset dataset = group == null ? frame.dataset(name) : null;
        if (dataset == null || dataset.shape().length != 1) {
            read(frame, name, rows);
            return;
        }
        requireRows(dataset, rows);
        Hdf5Group referenced = frame.group("__categories");
        Hdf5Dataset names = referenced == null || dataset.type().kind() != ElementType.Kind.INTEGER
                ? null
                : referenced.dataset(name);
        if (names != null) {
            checkCodes(dataset, texts(plain(names)));
        } else if (Hdf5Values.inPieces(dataset)) {
            for (long row = 0; row < rows; row += PIECE) {
                Hdf5Values.strings(dataset, row, (int) Math.min(PIECE, rows - row));
            }
        } else if (dataset.type().kind() == ElementType.Kind.INTEGER) {
            for (long row = 0; row < rows; row += PIECE) {
                Hdf5Values.longs(dataset, row, (int) Math.min(PIECE, rows - row));
            }
        } else {
            plain(dataset);
        }
    }

    private static void checkCodes(Hdf5Dataset codes, List<String> categories) {
        long rows = codes.length();
        for (long row = 0; row < rows; row += PIECE) {
            long[] stored = Hdf5Values.longs(codes, row, (int) Math.min(PIECE, rows - row));
            for (int i = 0; i < stored.length; i++) {
                code(codes, row + i, stored[i], categories);
            }
        }
    }

    private static Column masked(Column whole, double[] mask) {
        int rows = whole.size();
        if (whole instanceof Column.Numeric numbers) {
            double[] values = numbers.values().clone();
            for (int i = 0; i < rows; i++) {
                values[i] = mask[i] != 0 ? Double.NaN : values[i];
            }
            return new Column.Numeric(values, numbers.integer());
        }
        if (whole instanceof Column.Logical truths) {
            byte[] values = truths.values().clone();
            for (int i = 0; i < rows; i++) {
                values[i] = mask[i] != 0 ? -1 : values[i];
            }
            return new Column.Logical(values);
        }
        @Nullable String[] values = new String[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = mask[i] != 0 ? null : whole.text(i);
        }
        return new Column.Text(values);
    }

    /** Every row as text; a missing one as {@code "nan"}. */
    static List<String> texts(@Nullable Column column) {
        List<String> texts = new ArrayList<>(column == null ? 0 : column.size());
        for (int i = 0; column != null && i < column.size(); i++) {
            String text = column.text(i);
            texts.add(text == null ? "nan" : text);
        }
        return texts;
    }
}
