/**
 * Cell types from labelled cells: a frozen trunk, and a head that reads its embedding beside plain genes.
 *
 * <p>{@link org.celllm.tasks.annotate.AnnotatorFit} reads a labelled file, scores the head and its baselines on held-out
 * cells, fits the head that is kept and saves the folder; {@link org.celllm.tasks.annotate.Annotator} opens it and names
 * the cells of other files, {@link org.celllm.tasks.annotate.PredictionFiles} into files, by the rule and under the names of {@code CellCalls}. {@link
 * org.celllm.tasks.annotate.HeadFitting} puts a head together from its {@link org.celllm.tasks.annotate.HeadMember}s on
 * training cells, whose {@code InnerFolds} choose penalties and weights, {@link org.celllm.tasks.annotate.FewLabelFitting} with help of cells without a label where labels are few ({@link
 * org.celllm.tasks.annotate.SpreadLabels}, {@link org.celllm.tasks.annotate.ClassDirections}); {@link
 * org.celllm.tasks.annotate.AnnotationHead} is the result.
 *
 * <p>The other way is the published one: {@link org.celllm.tasks.annotate.TunedFit} fine-tunes the last layer under the
 * published classifier ({@link org.celllm.tasks.finetune}), and {@link org.celllm.tasks.annotate.ImportedAnnotator} takes a
 * classifier that was imported; {@link org.celllm.tasks.annotate.TunedAnnotator} opens both.
 *
 * <p>What is "the model" in a table: the whole head. How much of its score is the trunk's is told by two rows beside it,
 * the head on the embedding only and the head without its embedding.
 */
@NullMarked
package org.celllm.tasks.annotate;

import org.jspecify.annotations.NullMarked;
