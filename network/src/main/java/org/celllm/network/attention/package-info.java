/**
 * Attention in linear time: FAVOR+ (Choromanski et al.: Rethinking Attention with Performers, arXiv 2009.14794).
 *
 * <p>{@link org.celllm.network.attention.RandomFeatures} draws the orthogonal directions,
 * {@link org.celllm.network.attention.FavorAttention} maps queries and keys onto positive features and attends cell by
 * cell, and {@link org.celllm.network.attention.SequenceLayout} says which rows belong to which cell. There are three ways,
 * each tested against the one before: {@code FavorFormula} is the formula, differentiated by autograd, and knows padding;
 * {@code FavorKernel} is the same in place, in pieces that fit the cache ({@code HeadBlocks}), with a gradient by hand;
 * {@code FusedFavor} is for bfloat16 and 32-bit operands without padding: products of oneDNN that take the exponential before they write. It goes
 * through the cells by {@code FavorGroup}, computes features in {@code FavorFeatures} and sums keys and values in {@code FavorSums}, and is divided into
 * {@code FavorForward} and {@code FavorBackward}; what the one keeps for the other is a {@code FavorPass}, of which {@code FavorKept} could
 * be computed again. {@code FavorPrograms} are its products, {@code FavorCopies} what carries
 * rows from one layout to another ({@code FavorValues}: values), {@code FavorBuffers} its memory, {@code FavorMatrix} and
 * {@code FavorFactors} its operands and their factors with where they lie, and
 * {@code SlowGroups} goes back to {@code FavorKernel} where a row is too long for its exponents.
 */
@NullMarked
package org.celllm.network.attention;

import org.jspecify.annotations.NullMarked;
