/**
 * Products with what follows them in one pass, by oneDNN itself: {@link org.celllm.network.onednn.Product},
 * {@link org.celllm.network.onednn.RowOperations} and {@link org.celllm.network.onednn.Copies} prepare a {@link org.celllm.network.onednn.Program} for operands that
 * lie as {@link org.celllm.network.onednn.Strided} says; {@link org.celllm.network.onednn.OneDnn} is the library. All of
 * it is freed by {@code close()}, never by the garbage collector.
 */
@NullMarked
package org.celllm.network.onednn;

import org.jspecify.annotations.NullMarked;
