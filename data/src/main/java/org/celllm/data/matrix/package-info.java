/**
 * The one interface that files of every format are read through, and what is read: blocks of cells, names and columns.
 * {@link org.celllm.data.matrix.HeapShare} is how much of the heap a reader may take beside others.
 */
@NullMarked
package org.celllm.data.matrix;

import org.jspecify.annotations.NullMarked;
