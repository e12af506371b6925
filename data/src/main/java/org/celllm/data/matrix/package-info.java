/** The one interface that files of every format are read through, and what is read: blocks of cells, names and columns. */
@NullMarked
package org.celllm.data.matrix;

import org.jspecify.annotations.NullMarked;
