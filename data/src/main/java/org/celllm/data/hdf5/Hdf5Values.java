package org.celllm.data.hdf5;

import io.jhdf.dataset.DatasetReader;
import io.jhdf.object.datatype.StringData;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/** Reads a dataset as a whole: names, codes, columns. The values of matrices are streamed instead. */
public final class Hdf5Values {
    private Hdf5Values() {}

    /**
     * Every element as a number; FALSE and TRUE are 0 and 1.
     *
     * @throws InputException when they are not numbers
     */
    public static double[] doubles(Hdf5Dataset dataset) {
        ByteBuffer raw = whole(dataset, dataset.type().numeric(), "numbers");
        double[] values = new double[(int) dataset.elements()];
        int from = raw.position();
        for (int i = 0; i < values.length; i++) {
            values[i] = dataset.type().number(raw, from + i * dataset.type().bytes());
        }
        return values;
    }

    /**
     * Every element as a whole number.
     *
     * @throws InputException when they are not whole numbers
     */
    public static long[] longs(Hdf5Dataset dataset) {
        boolean whole = dataset.type().numeric() && dataset.type().kind() != ElementType.Kind.FLOAT;
        ByteBuffer raw = whole(dataset, whole, "whole numbers");
        long[] values = new long[(int) dataset.elements()];
        dataset.type().wholes(raw, values.length, values, 0);
        return values;
    }

    /**
     * Some elements of one dimension as whole numbers.
     *
     * @param from the first
     * @param count how many; their bytes must fit an array
     * @throws InputException when they are not whole numbers
     */
    public static long[] longs(Hdf5Dataset dataset, long from, int count) {
        if (!dataset.type().numeric() || dataset.type().kind() == ElementType.Kind.FLOAT) {
            throw wrongType(dataset, "whole numbers");
        }
        long[] values = new long[count];
        ByteBuffer raw = dataset.slice(new long[] {from}, new int[] {count})
                .order(dataset.type().order());
        dataset.type().wholes(raw, count, values, 0);
        return values;
    }

    /**
     * Some elements of one dimension as text, where they can be read without the others.
     *
     * @param from the first
     * @param count how many
     * @throws InputException when they are not strings
     */
    public static @Nullable String[] strings(Hdf5Dataset dataset, long from, int count) {
        if (!inPieces(dataset)) {
            return java.util.Arrays.copyOfRange(strings(dataset), Math.toIntExact(from), Math.toIntExact(from) + count);
        }
        ByteBuffer raw = dataset.slice(new long[] {from}, new int[] {count});
        Object data = Hdf5Boundary.guard(
                dataset.file().path(),
                dataset.place(),
                () -> DatasetReader.readDataset(
                        dataset.library().getDataType(),
                        raw,
                        new int[] {count},
                        dataset.library().getHdfFile().getHdfBackingStorage()));
        if (!(data instanceof Object[] texts) || texts.length != count) {
            throw wrongType(dataset, "strings");
        }
        @Nullable String[] values = new String[count];
        for (int i = 0; i < count; i++) {
            values[i] = texts[i] == null ? "" : texts[i].toString();
        }
        return values;
    }

    /** Whether {@link #strings(Hdf5Dataset, long, int)} reads no more than is asked for. */
    public static boolean inPieces(Hdf5Dataset dataset) {
        return dataset.type().kind() == ElementType.Kind.STRING
                && dataset.shape().length == 1
                && dataset.length() > 1
                && !dataset.unwritten()
                && !UnshuffledStrings.suits(dataset.library());
    }

    /**
     * Every element as text.
     *
     * @throws InputException when they are not strings
     */
    public static @Nullable String[] strings(Hdf5Dataset dataset) {
        ElementType type = dataset.type();
        if (type.kind() == ElementType.Kind.FIXED_STRING) {
            ByteBuffer raw = whole(dataset, true, "strings");
            @Nullable String[] values = new String[(int) dataset.elements()];
            boolean spaces = dataset.library().getDataType() instanceof StringData text
                    && text.getPaddingType() == StringData.PaddingType.SPACE_PADDED;
            for (int i = 0; i < values.length; i++) {
                values[i] = fixed(raw, raw.position() + i * type.bytes(), type.bytes(), spaces);
            }
            return values;
        }
        if (type.kind() != ElementType.Kind.STRING) {
            throw wrongType(dataset, "strings");
        }
        dataset.requireWholeFits();
        int count = (int) dataset.elements();
        @Nullable String[] values = new String[count];
        if (count == 0 || dataset.unwritten()) {
            java.util.Arrays.fill(values, "");
            return values;
        }
        Object data = Hdf5Boundary.guard(
                dataset.file().path(),
                dataset.place(),
                () -> UnshuffledStrings.suits(dataset.library())
                        ? UnshuffledStrings.read(dataset.library())
                        : dataset.library().getDataFlat());
        if (!(data instanceof Object[] texts) || texts.length != count) {
            if (data instanceof String single && count == 1) {
                values[0] = single;
                return values;
            }
            throw wrongType(dataset, "strings");
        }
        for (int i = 0; i < count; i++) {
            // The library gives null for a string of length zero.
            values[i] = texts[i] == null ? "" : texts[i].toString();
        }
        return values;
    }

    /** Bytes up to the first zero, as UTF-8. */
    static String fixed(ByteBuffer raw, int from, int length, boolean spacePadded) {
        int end = 0;
        while (end < length && raw.get(from + end) != 0) {
            end++;
        }
        while (spacePadded && end > 0 && raw.get(from + end - 1) == ' ') {
            end--;
        }
        byte[] bytes = new byte[end];
        raw.get(from, bytes, 0, end);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** All raw bytes of a dataset, in its byte order. */
    static ByteBuffer whole(Hdf5Dataset dataset, boolean rightType, String expected) {
        if (!rightType) {
            throw wrongType(dataset, expected);
        }
        dataset.requireWholeFits();
        long[] shape = dataset.shape();
        int[] size = new int[shape.length];
        for (int i = 0; i < size.length; i++) {
            size[i] = (int) shape[i];
        }
        if (dataset.elements() * dataset.type().bytes() > Integer.MAX_VALUE - 64) {
            throw dataset.error()
                    .found("is larger than 2 GB, which only matrices may be")
                    .build();
        }
        if (shape.length == 0) {
            ByteBuffer scalar = Hdf5Boundary.guard(
                    dataset.file().path(),
                    dataset.place(),
                    () -> dataset.library().getDataBuffer());
            return scalar.order(dataset.type().order());
        }
        return dataset.slice(new long[shape.length], size).order(dataset.type().order());
    }

    private static InputException wrongType(Hdf5Dataset dataset, String expected) {
        return dataset.error()
                .found("holds " + dataset.type().word() + " values")
                .expected(expected)
                .build();
    }
}
