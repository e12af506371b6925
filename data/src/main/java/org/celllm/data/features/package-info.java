/**
 * Plain features of cells, for the baselines and for the annotator's wide path.
 *
 * <p>Everything linear here needs two products only, so that is all that {@link
 * org.celllm.data.features.FeatureRows} offers: {@code X·W} and {@code Xᵀ·R}. {@link
 * org.celllm.data.features.SparseRows} are log-normalised genes, {@link org.celllm.data.features.ShiftedRows} the
 * same after scaling by gene (still stored sparse: zeros of a gene all become one number), {@link
 * org.celllm.data.features.DenseRows} embeddings and principal components. Components are of 2,000 genes: baselines take those of
 * greatest variance, the annotator's head those of greatest {@link org.celllm.data.features.StandardisedVariance}. What a file does not measure of them {@link
 * org.celllm.data.features.AbsentGenes} fills in. Products run on the common pool, in parts
 * that depend on the size alone, so results do not depend on the number of threads. No product of two large dense
 * matrices occurs, which is why this is plain Java and not libtorch.
 */
@NullMarked
package org.celllm.data.features;

import org.jspecify.annotations.NullMarked;
