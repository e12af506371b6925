/** Cells over a gene vocabulary, ready for a model. */
@NullMarked
package org.celllm.data.cells;

import org.jspecify.annotations.NullMarked;
