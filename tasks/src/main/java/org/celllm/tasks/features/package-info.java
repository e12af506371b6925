/**
 * Plain features of cells, for the baselines and for the annotator's wide path.
 *
 * <p>Everything linear here needs two products only, so that is all that {@link
 * org.celllm.tasks.features.FeatureRows} offers: {@code X·W} and {@code Xᵀ·R}. {@link
 * org.celllm.tasks.features.SparseRows} are log-normalised genes, {@link org.celllm.tasks.features.ShiftedRows} the
 * same after scaling by gene (still stored sparse: zeros of a gene all become one number), {@link
 * org.celllm.tasks.features.DenseRows} embeddings and principal components. Products run on the common pool, in parts
 * that depend on the size alone, so results do not depend on the number of threads. No product of two large dense
 * matrices occurs, which is why this is plain Java and not libtorch.
 */
@NullMarked
package org.celllm.tasks.features;

import org.jspecify.annotations.NullMarked;
