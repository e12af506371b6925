/**
 * Reads what 10x CellRanger writes: {@link org.celllm.data.tenx.TenxH5File} the {@code .h5} files of versions 1 to 6
 * and later, {@link org.celllm.data.tenx.TenxFolder} the folders with {@code matrix.mtx}. Both store genes × cells, and
 * both keep only the features of type Gene Expression where there are others beside them.
 */
@NullMarked
package org.celllm.data.tenx;

import org.jspecify.annotations.NullMarked;
