/**
 * What a trained model is used for, and what it is measured against.
 *
 * <p>The tour: {@link org.celllm.tasks.embed} turns files and matrices into cell embeddings; {@link
 * org.celllm.tasks.annotate} fits and applies cell-type annotators on top of them; {@link org.celllm.tasks.finetune}
 * trains a model's last layer on labelled cells; {@link org.celllm.data.features}
 * makes the plain features (log-normalised genes, principal components) that {@link org.celllm.tasks.baselines} and
 * the annotator's wide path read; {@link org.celllm.tasks.metrics} scores; {@link org.celllm.tasks.evaluate} holds
 * the protocols: folds, few-shot draws, intervals, paired differences; {@link org.celllm.tasks.isotropy} measures how
 * embeddings spread, {@link org.celllm.tasks.expression} whether hidden expression is guessed; {@link org.celllm.tasks.sensitivity} predicts which cells a drug kills; {@link
 * org.celllm.tasks.response} holds the protocol of cell lines' response to drugs, and {@link
 * org.celllm.tasks.drug} reads drugs as molecular graphs and embeds them.
 */
@NullMarked
package org.celllm.tasks;

import org.jspecify.annotations.NullMarked;
