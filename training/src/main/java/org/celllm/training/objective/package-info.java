/**
 * What training minimises, one file an objective: {@link org.celllm.training.objective.MaskedExpression} and
 * {@link org.celllm.training.objective.NormalVersusCancer} are sums over cells, {@link
 * org.celllm.training.objective.InfoNce} couples all cells of a batch. {@link
 * org.celllm.training.objective.Objectives} weighs them.
 */
@NullMarked
package org.celllm.training.objective;

import org.jspecify.annotations.NullMarked;
