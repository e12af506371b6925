package org.celllm.data.features;

import java.util.Arrays;

/**
 * Features of which most are zero, in compressed sparse rows.
 *
 * @param columns how many features
 * @param offsets [rows + 1] row {@code i} is {@code offsets[i] … offsets[i + 1] − 1}
 * @param indices [≥ offsets[rows]] column of each value, ascending within a row
 * @param values [≥ offsets[rows]]
 */
public record SparseRows(int columns, int[] offsets, int[] indices, float[] values) implements FeatureRows {
    /** Columns of weights up to which sums in registers are faster than what the compiler vectorises. */
    static final int FEW = 24;

    /** Values of a row that are multiplied with all classes before the next: their weights fit the first cache. */
    private static final int AT_A_TIME = 128;

    /** Values beyond which a second copy of them, by columns, is not worth its memory (160 MB). */
    private static final int MOST_STORED_TWICE = 20_000_000;

    public SparseRows {
        int last = offsets[offsets.length - 1];
        if (offsets[0] != 0 || indices.length < last || values.length < last) {
            throw new IllegalArgumentException("offsets do not describe the values");
        }
    }

    @Override
    public int rows() {
        return offsets.length - 1;
    }

    @Override
    public SparseRows select(int[] rows) {
        int[] newOffsets = new int[rows.length + 1];
        for (int i = 0; i < rows.length; i++) {
            newOffsets[i + 1] = Math.addExact(newOffsets[i], offsets[rows[i] + 1] - offsets[rows[i]]);
        }
        int[] newIndices = new int[newOffsets[rows.length]];
        float[] newValues = new float[newOffsets[rows.length]];
        for (int i = 0; i < rows.length; i++) {
            int from = offsets[rows[i]];
            int length = offsets[rows[i] + 1] - from;
            System.arraycopy(indices, from, newIndices, newOffsets[i], length);
            System.arraycopy(values, from, newValues, newOffsets[i], length);
        }
        return new SparseRows(columns, newOffsets, newIndices, newValues);
    }

    /** These rows and then those of {@code other}. */
    public SparseRows followedBy(SparseRows other) {
        if (other.columns != columns) {
            throw new IllegalArgumentException(columns + " columns followed by " + other.columns);
        }
        int held = offsets[rows()];
        int more = other.offsets[other.rows()];
        int[] newOffsets = Arrays.copyOf(offsets, rows() + other.rows() + 1);
        for (int row = 1; row <= other.rows(); row++) {
            newOffsets[rows() + row] = Math.addExact(held, other.offsets[row]);
        }
        int[] newIndices = Arrays.copyOf(indices, held + more);
        System.arraycopy(other.indices, 0, newIndices, held, more);
        float[] newValues = Arrays.copyOf(values, held + more);
        System.arraycopy(other.values, 0, newValues, held, more);
        return new SparseRows(columns, newOffsets, newIndices, newValues);
    }

    /**
     * The same rows over some of the columns, renumbered in ascending order of the old number.
     *
     * @param kept ascending
     */
    public SparseRows columnsOf(int[] kept) {
        int[] place = new int[columns];
        Arrays.fill(place, -1);
        for (int i = 0; i < kept.length; i++) {
            place[kept[i]] = i;
        }
        int[] newOffsets = new int[offsets.length];
        int[] newIndices = new int[offsets[rows()]];
        float[] newValues = new float[newIndices.length];
        int at = 0;
        for (int row = 0; row < rows(); row++) {
            for (int i = offsets[row]; i < offsets[row + 1]; i++) {
                if (place[indices[i]] >= 0) {
                    newIndices[at] = place[indices[i]];
                    newValues[at++] = values[i];
                }
            }
            newOffsets[row + 1] = at;
        }
        return new SparseRows(kept.length, newOffsets, Arrays.copyOf(newIndices, at), Arrays.copyOf(newValues, at));
    }

    /**
     * Square roots of counts per 10,000 instead of their logarithms: the transform that gives Poisson counts of any mean
     * the same variance, so that highly expressed genes keep a say that the logarithm takes from them.
     */
    public SparseRows logarithmsToRoots() {
        float[] roots = new float[offsets[rows()]];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = (float) Math.sqrt(Math.max(0, Math.expm1(values[i])));
        }
        return new SparseRows(columns, offsets, indices, roots);
    }

    @Override
    public void addProduct(int row, double[] weights, int k, double[] out, int at) {
        int end = offsets[row + 1];
        if (k > FEW) {
            for (int i = offsets[row]; i < end; i++) {
                float value = values[i];
                int base = indices[i] * k;
                for (int c = 0; c < k; c++) {
                    out[at + c] += value * weights[base + c];
                }
            }
            return;
        }
        // Some values at a time, whose weights stay in the nearest cache for all classes.
        for (int from = offsets[row]; from < end; from += AT_A_TIME) {
            addFew(from, Math.min(end, from + AT_A_TIME), weights, k, out, at);
        }
    }

    /** A few sums stay in registers, in the same order: the same bits, sooner. */
    private void addFew(int from, int to, double[] weights, int k, double[] out, int at) {
        int c = 0;
        for (; c + 4 <= k; c += 4) {
            double s0 = out[at + c];
            double s1 = out[at + c + 1];
            double s2 = out[at + c + 2];
            double s3 = out[at + c + 3];
            for (int i = from; i < to; i++) {
                double value = values[i];
                int base = indices[i] * k + c;
                s0 += value * weights[base];
                s1 += value * weights[base + 1];
                s2 += value * weights[base + 2];
                s3 += value * weights[base + 3];
            }
            out[at + c] = s0;
            out[at + c + 1] = s1;
            out[at + c + 2] = s2;
            out[at + c + 3] = s3;
        }
        for (; c < k; c++) {
            double sum = out[at + c];
            for (int i = from; i < to; i++) {
                sum += values[i] * weights[indices[i] * k + c];
            }
            out[at + c] = sum;
        }
    }

    @Override
    public Transposed transposed() {
        return offsets[rows()] <= MOST_STORED_TWICE ? SparseColumns.of(this) : this::multiplyTransposed;
    }

    @Override
    public void addTransposed(int first, int last, double[] coefficients, int k, double[] out) {
        for (int row = first; row < last; row++) {
            int from = row * k;
            for (int i = offsets[row]; i < offsets[row + 1]; i++) {
                float value = values[i];
                int base = indices[i] * k;
                for (int c = 0; c < k; c++) {
                    out[base + c] += value * coefficients[from + c];
                }
            }
        }
    }
}
