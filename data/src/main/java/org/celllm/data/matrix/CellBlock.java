package org.celllm.data.matrix;

/**
 * Consecutive cells of a matrix in compressed sparse rows, with the columns of the slot they were read from. Within a
 * cell the genes ascend, none stands twice and no value is zero or NaN.
 *
 * @param firstCell row of the first cell in the file
 * @param cells how many
 * @param offsets [cells + 1] cell {@code i} is {@code offsets[i] … offsets[i + 1] − 1}; {@code offsets[0]} is 0
 * @param genes [≥ offsets[cells]] column of each value; the tail beyond the last offset is undefined
 * @param values [≥ offsets[cells]] the values as stored
 * @param missing how many values of these cells were NaN and left out
 */
public record CellBlock(int firstCell, int cells, int[] offsets, int[] genes, float[] values, long missing) {
    /** Cells none of whose values were NaN. */
    public CellBlock(int firstCell, int cells, int[] offsets, int[] genes, float[] values) {
        this(firstCell, cells, offsets, genes, values, 0);
    }
}
