/**
 * Fine-tuning as published: the last layer, the final norm and the published classifier are trained on labelled cells, the
 * rest of the model is frozen, or is trained as well ({@link org.celllm.tasks.finetune.TrainedLayers}). {@link org.celllm.tasks.finetune.FineTuning} takes the steps as
 * {@link org.celllm.tasks.finetune.FineTuneSettings} say; {@link org.celllm.tasks.finetune.FineTuned} is what comes out, and
 * names cells; {@link org.celllm.tasks.finetune.LabelledSequences} is what goes in, of which a step may leave genes out ({@link
 * org.celllm.tasks.finetune.ThinnedCells}).
 */
@NullMarked
package org.celllm.tasks.finetune;

import org.jspecify.annotations.NullMarked;
