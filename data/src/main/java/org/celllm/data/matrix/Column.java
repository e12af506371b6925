package org.celllm.data.matrix;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One per-cell or per-gene column. */
public sealed interface Column {
    /** How many rows. */
    int size();

    /** The value of a row as text, or {@code null} where it is missing; this is what a label column is read by. */
    @Nullable
    String text(int row);

    /**
     * A column of categories.
     *
     * @param codes [rows] index into {@code categories}, −1 for missing
     * @param categories the distinct values
     */
    record Categorical(int[] codes, List<String> categories) implements Column {
        @Override
        public int size() {
            return codes.length;
        }

        @Override
        public @Nullable String text(int row) {
            return codes[row] < 0 ? null : categories.get(codes[row]);
        }
    }

    /**
     * A column of strings; {@code null} is missing.
     *
     * @param values [rows]
     */
    record Text(@Nullable String[] values) implements Column {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public @Nullable String text(int row) {
            return values[row];
        }
    }

    /**
     * A column of numbers; NaN is missing.
     *
     * @param values [rows]
     * @param integer whether the stored type is an integer, which is how text shows it
     */
    record Numeric(double[] values, boolean integer) implements Column {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public @Nullable String text(int row) {
            double value = values[row];
            if (Double.isNaN(value)) {
                return null;
            }
            return integer && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
        }
    }

    /**
     * A column of truth values.
     *
     * @param values [rows] 1, 0, or −1 for missing
     */
    record Logical(byte[] values) implements Column {
        public Logical {
            values = Arrays.copyOf(values, values.length);
        }

        @Override
        public int size() {
            return values.length;
        }

        @Override
        public @Nullable String text(int row) {
            return values[row] < 0 ? null : values[row] == 1 ? "True" : "False";
        }
    }
}
