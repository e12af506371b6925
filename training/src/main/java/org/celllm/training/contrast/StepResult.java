package org.celllm.training.contrast;

/**
 * What one step came to. Losses are means: over masked positions, over views of known disease, over cells and
 * directions; a loss of an objective that had nothing to work on is NaN.
 *
 * @param loss the weighted total
 * @param masked masked expression
 * @param maskedRight share of masked tokens guessed right
 * @param commonest share of masked tokens that are the batch's commonest: what guessing it always gives
 * @param disease normal versus cancer
 * @param diseaseRight share told right
 * @param contrastive the contrastive loss
 * @param retrieved share of first views whose most similar second view is their own
 * @param temperature of the contrastive loss in this step
 * @param cells in the batch
 * @param positions that the encoder computed for the views, once
 * @param chunks how many
 * @param rerun how many of them ran twice
 */
public record StepResult(
        double loss,
        double masked,
        double maskedRight,
        double commonest,
        double disease,
        double diseaseRight,
        double contrastive,
        double retrieved,
        double temperature,
        int cells,
        long positions,
        int chunks,
        int rerun) {}
