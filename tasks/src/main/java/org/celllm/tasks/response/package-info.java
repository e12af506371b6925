/**
 * How cell lines respond to drugs: ln IC50 of a line and a drug, the natural logarithm of the concentration (µM) that
 * halves growth, predicted and scored beside its baselines.
 *
 * <p>The tour: {@link org.celllm.tasks.response.DrugResponses} are the measured pairs, {@link
 * org.celllm.tasks.response.NamedFeatures} what is known of lines or drugs, {@link org.celllm.tasks.response.ResponseThresholds} divide sensitive from resistant; {@link
 * org.celllm.tasks.response.ResponseData} brings them into one order and counts what had to stay out. {@link
 * org.celllm.tasks.response.ResponseSplits} divides the pairs at random, or so that lines, drugs or both are unseen. A
 * {@link org.celllm.tasks.response.ResponseMethod} predicts the test pairs of a split; {@link
 * org.celllm.tasks.response.ResponseMethods} lists the baselines: means, additive effects, {@link
 * org.celllm.tasks.response.MatrixCompletion} without any feature, {@link
 * org.celllm.tasks.response.WithinDrugRidge} on the lines' features and {@link
 * org.celllm.tasks.response.PairwiseRidge} on those of both. {@link org.celllm.tasks.response.ResponseProtocol} runs
 * them over seeds and {@link org.celllm.tasks.response.ResponseScores} scores them, over all pairs and within each drug
 * and line: over all pairs, the drugs' means alone reach a correlation that looks like success. The model to be held against them
 * lives in {@link org.celllm.tasks.response.model}.
 */
@NullMarked
package org.celllm.tasks.response;

import org.jspecify.annotations.NullMarked;
