package org.celllm.data.hdf5;

import org.celllm.data.InputException;

/**
 * The three arrays of a compressed sparse matrix.
 *
 * @param data the values
 * @param indices the minor index of each value
 * @param indptr where each major row starts in the other two
 */
public record SparseParts(Hdf5Dataset data, Hdf5Dataset indices, Hdf5Dataset indptr) {
    public SparseParts {
        if (!data.type().numeric()) {
            throw data.error()
                    .found("holds " + data.type().word() + " values")
                    .expected("numbers")
                    .build();
        }
        if (indices.type().kind() != ElementType.Kind.INTEGER) {
            throw indices.error()
                    .found("holds " + indices.type().word() + " values")
                    .expected("whole numbers")
                    .build();
        }
        if (data.length() != indices.length()) {
            throw data.error()
                    .found("has " + data.length() + " values, but there are " + indices.length() + " indices")
                    .remedy("The file is damaged or was not written to its end: write or copy it again")
                    .build();
        }
    }

    /** Those of a group with {@code data}, {@code indices} and {@code indptr}. */
    public static SparseParts of(Hdf5Group group) {
        return new SparseParts(
                group.requireDataset("data"), group.requireDataset("indices"), group.requireDataset("indptr"));
    }

    /** How many values are stored. */
    public long nonzeros() {
        return data.length();
    }

    /**
     * The starts of the rows, checked to ascend from 0 to the number of values.
     *
     * @param rows major rows
     */
    public long[] pointers(int rows) {
        if (indptr.length() != rows + 1L) {
            throw indptr.error()
                    .found("has " + indptr.length() + " entries")
                    .expected((rows + 1L) + ", one more than there are rows")
                    .build();
        }
        long[] pointers = Hdf5Values.longs(indptr);
        boolean ascending = pointers[0] == 0 && pointers[rows] <= nonzeros();
        for (int row = 0; row < rows && ascending; row++) {
            ascending = pointers[row] <= pointers[row + 1];
        }
        if (!ascending) {
            throw indptr.error()
                    .found("does not ascend from 0 to the number of values, " + nonzeros())
                    .remedy("The file is damaged: copy or write it again")
                    .build();
        }
        return pointers;
    }

    /** How many values each row has. */
    public int[] counts(int rows) {
        long[] pointers = pointers(rows);
        int[] counts = new int[rows];
        for (int row = 0; row < rows; row++) {
            counts[row] = Math.toIntExact(pointers[row + 1] - pointers[row]);
        }
        return counts;
    }

    /** An error about the index of a value. */
    InputException badIndex(long place, int index, int limit) {
        return indices.error()
                .found("entry " + place + " is " + (index < 0 ? "negative or larger than 2³¹" : "" + index))
                .expected("0 to " + (limit - 1))
                .remedy("The file is damaged: copy or write it again")
                .build();
    }

    /** The value, unless it is infinite. */
    float finite(float value, long place) {
        if (Float.isInfinite(value)) {
            throw data.error()
                    .found("value " + place + " is infinite")
                    .expected("finite numbers")
                    .remedy("Look for a division by zero or a logarithm of zero in how the file was made")
                    .build();
        }
        return value;
    }
}
