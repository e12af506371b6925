/**
 * Reads AnnData {@code .h5ad} files in all their dialects. {@link org.celllm.data.anndata.AnnDataFile} opens one;
 * {@link org.celllm.data.anndata.AnnDataSlots} finds its matrices; {@link org.celllm.data.anndata.AnnDataTable} reads
 * {@code obs} and {@code var}, as a group of columns or, in the oldest files, as one compound dataset.
 */
@NullMarked
package org.celllm.data.anndata;

import org.jspecify.annotations.NullMarked;
