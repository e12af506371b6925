/** Reads NumPy's {@code .npy} arrays, the form in which gene embeddings are passed around. */
@NullMarked
package org.celllm.data.npy;

import org.jspecify.annotations.NullMarked;
