/**
 * A model of drug response: ln IC50 of any cell line with any drug, whether or not it was fitted on them.
 *
 * <p>The tour: two {@link org.celllm.tasks.response.model.ResponsePath}s are fitted by themselves. The wide one, {@link
 * org.celllm.tasks.response.model.PairProcess}, is a Gaussian process over pairs: lines are alike by a {@link
 * org.celllm.tasks.response.model.LineKernel} over {@link org.celllm.tasks.response.model.LineFeatures}, drugs go together as their
 * {@link org.celllm.tasks.response.model.DrugCovariance} has learned, unseen drugs are mixtures of trained ones by {@link
 * org.celllm.tasks.response.model.DrugSimilarity} over a {@link org.celllm.tasks.response.model.DrugKernel}, and {@link org.celllm.tasks.response.model.PairSystem} solves for all pairs at
 * once. The deep one, {@link org.celllm.tasks.response.model.PairNetworkPath}, averages {@link
 * org.celllm.tasks.response.model.PairNetwork}s of lines and molecules. A {@link org.celllm.tasks.response.model.Blend} weighs
 * them by pairs that neither was fitted on, for each kind of unseen pair apart. {@link
 * org.celllm.tasks.response.model.ResponseTraining} makes a {@link org.celllm.tasks.response.model.ResponseModel} for use,
 * {@link org.celllm.tasks.response.model.ResponseModelFolder} keeps it, and {@link
 * org.celllm.tasks.response.model.ResponseModelMethods} puts it and its parts beside the baselines of a protocol.
 */
@NullMarked
package org.celllm.tasks.response.model;

import org.jspecify.annotations.NullMarked;
