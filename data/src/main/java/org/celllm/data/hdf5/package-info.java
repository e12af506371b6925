/**
 * The one boundary to the HDF5 library. {@link org.celllm.data.hdf5.Hdf5File} opens a file by positional reads (never a
 * map), {@link org.celllm.data.hdf5.Hdf5Group} and {@link org.celllm.data.hdf5.Hdf5Dataset} walk and read it, and
 * {@link org.celllm.data.hdf5.Hdf5Boundary} turns whatever the library throws on a damaged file into one
 * {@link org.celllm.data.InputException}. {@link org.celllm.data.hdf5.CompressedRowCells},
 * {@link org.celllm.data.hdf5.CompressedColumns} and {@link org.celllm.data.hdf5.DenseCells} stream matrices.
 *
 * <p>Sizes that a file merely claims are compared with the size of the file before anything is allocated.
 */
@NullMarked
package org.celllm.data.hdf5;

import org.jspecify.annotations.NullMarked;
