/**
 * Cells over a gene vocabulary, ready for a model: {@link org.celllm.data.cells.CellBatch} holds some, {@link
 * org.celllm.data.cells.CellBatches} makes batches of others, {@link org.celllm.data.cells.MappedCells} brings a file's cells
 * to a vocabulary. {@link org.celllm.data.cells.NearDuplicates} finds cells of nearly the same values by {@link
 * org.celllm.data.cells.MinHash}.
 */
@NullMarked
package org.celllm.data.cells;

import org.jspecify.annotations.NullMarked;
