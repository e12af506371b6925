package org.celllm.tasks.finetune;

import org.celllm.network.weights.PublishedClassifier;
import org.celllm.tasks.baselines.ClassWeights;

/**
 * How a model is fine-tuned.
 *
 * @param layers what is trained of the model
 * @param epochs at most, each over all training cells
 * @param batch cells a step
 * @param learningRate of Adam, constant
 * @param hide share of each cell's genes that a step leaves out, others in every step; all are there when cells are named
 * @param dropout share of the classifier's hidden values that drops out while training
 * @param validation share of the training cells that is not trained on; it decides which epoch is kept. Every class keeps
 *     a cell to train on
 * @param patience ends the training when so many epochs in a row were no better on those cells
 * @param hidden widths of the classifier
 * @param classWeights how much a cell of each class counts in the loss
 * @param seed of everything random in it
 */
public record FineTuneSettings(
        TrainedLayers layers,
        int epochs,
        int batch,
        double learningRate,
        double hide,
        double dropout,
        double validation,
        int patience,
        PublishedClassifier.Widths hidden,
        ClassWeights classWeights,
        long seed) {
    public FineTuneSettings {
        if (epochs < 1 || batch < 1 || patience < 1) {
            throw new IllegalArgumentException("epochs " + epochs + ", batch " + batch + ", patience " + patience);
        }
        if (!(learningRate > 0
                && hide >= 0
                && hide < 1
                && dropout >= 0
                && dropout < 1
                && validation >= 0
                && validation < 1)) {
            throw new IllegalArgumentException("learning rate " + learningRate + ", hidden share " + hide + ", dropout "
                    + dropout + ", validation share " + validation);
        }
    }

    /**
     * Adam at 1e-4 on the last layer with class weights (1 − share)², as published; a tenth of the cells for choosing the
     * epoch.
     */
    public static FineTuneSettings published(long seed) {
        return new FineTuneSettings(
                TrainedLayers.LAST,
                30,
                32,
                1e-4,
                0,
                0.1,
                0.1,
                3,
                PublishedClassifier.Widths.USUAL,
                ClassWeights.PUBLISHED,
                seed);
    }

    /** The same with other layers trained. */
    public FineTuneSettings with(TrainedLayers other) {
        return new FineTuneSettings(
                other, epochs, batch, learningRate, hide, dropout, validation, patience, hidden, classWeights, seed);
    }

    /** The same with other class weights. */
    public FineTuneSettings with(ClassWeights other) {
        return new FineTuneSettings(
                layers, epochs, batch, learningRate, hide, dropout, validation, patience, hidden, other, seed);
    }

    /** The same with other epochs at most. */
    public FineTuneSettings withEpochs(int other) {
        return new FineTuneSettings(
                layers, other, batch, learningRate, hide, dropout, validation, patience, hidden, classWeights, seed);
    }

    /** The same with another learning rate. */
    public FineTuneSettings withLearningRate(double other) {
        return new FineTuneSettings(
                layers, epochs, batch, other, hide, dropout, validation, patience, hidden, classWeights, seed);
    }

    /** The same with another share of genes hidden. */
    public FineTuneSettings withHidden(double other) {
        return new FineTuneSettings(
                layers, epochs, batch, learningRate, other, dropout, validation, patience, hidden, classWeights, seed);
    }

    /** The same with other cells a step. */
    public FineTuneSettings withBatch(int other) {
        return new FineTuneSettings(
                layers, epochs, other, learningRate, hide, dropout, validation, patience, hidden, classWeights, seed);
    }

    /** The same with another seed. */
    public FineTuneSettings withSeed(long other) {
        return new FineTuneSettings(
                layers, epochs, batch, learningRate, hide, dropout, validation, patience, hidden, classWeights, other);
    }
}
