package org.celllm.data.matrix;

/**
 * One cells × genes matrix inside a file; an AnnData file can hold several, and {@code raw} has genes of its own.
 *
 * @param name {@code "X"}, {@code "raw/X"}, {@code "layers/counts"}; {@code "matrix"} in files that hold just one
 * @param cells rows
 * @param genes columns
 * @param layout how the values are laid out
 * @param valueType the stored type as the field says it: {@code "float32"}, {@code "int64"}
 * @param nonzeros stored values, or −1 when only reading would tell
 */
public record MatrixSlot(String name, int cells, int genes, Layout layout, String valueType, long nonzeros) {
    /** How the values of a slot are laid out. */
    public enum Layout {
        /** Compressed sparse rows: cell by cell. */
        CSR,
        /** Compressed sparse columns: gene by gene. */
        CSC,
        /** Every value, zeros too. */
        DENSE,
        /** Coordinates: row, column, value. */
        COORDINATE
    }
}
