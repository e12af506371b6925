/**
 * Attention in linear time: FAVOR+ (Choromanski et al.: Rethinking Attention with Performers, arXiv 2009.14794).
 *
 * <p>{@link org.celllm.network.attention.RandomFeatures} draws the orthogonal directions,
 * {@link org.celllm.network.attention.FavorAttention} maps queries and keys onto positive features and attends cell by
 * cell (its formula in {@code FavorFormula}, its fast path with a gradient by hand in {@code FavorKernel}), and {@link org.celllm.network.attention.SequenceLayout} says which rows belong to which cell.
 */
@NullMarked
package org.celllm.network.attention;

import org.jspecify.annotations.NullMarked;
