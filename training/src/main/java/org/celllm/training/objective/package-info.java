/**
 * What training minimises, one file an objective: {@link org.celllm.training.objective.MaskedExpression} and
 * {@link org.celllm.training.objective.NormalVersusCancer} are sums over cells, a {@link
 * org.celllm.training.objective.ContrastiveLoss}, {@link org.celllm.training.objective.InfoNce} or {@link
 * org.celllm.training.objective.SigLip}, couples all cells of a batch. It sees them as {@link
 * org.celllm.training.objective.Pairs}, in tiles, whose logits a {@link org.celllm.training.objective.PairScale} scales
 * and from which {@link org.celllm.training.objective.FalseNegatives}, alike or of different sources, are left out; {@link
 * org.celllm.training.objective.Contrast} has its settings. {@link org.celllm.training.objective.Objectives} weighs them
 * all.
 */
@NullMarked
package org.celllm.training.objective;

import org.jspecify.annotations.NullMarked;
