package org.celllm.training;

import org.celllm.network.ModelOptions;
import org.celllm.network.Preset;
import org.celllm.training.genes.GeneEmbeddings;
import org.celllm.training.objective.Objectives;
import org.celllm.training.views.ViewSettings;

/**
 * Everything that decides what a pre-training run learns, beside the corpus. Two runs with the same settings, corpus,
 * threads, precision and machine end in the same bits; how a run uses the machine is {@link RunSettings}.
 *
 * @param preset size of the network
 * @param model what stands around the encoder, and whether the gene table is trained; its pooling is that of the
 *     objectives
 * @param batch cells a step; the contrastive objective compares all of them
 * @param steps optimiser steps
 * @param seed decides everything random
 * @param learningRate the highest of the schedule
 * @param warmup share of the steps that lead up to it, in [0, 1)
 * @param weightDecay of AdamW
 * @param clip the largest norm of the gradient
 * @param views how cells are seen
 * @param objectives what is minimised
 * @param genes what the gene embeddings begin as
 * @param redrawEvery steps after which the random features of the attention are drawn anew, 0 for never
 */
public record PretrainSettings(
        Preset preset,
        ModelOptions model,
        int batch,
        long steps,
        long seed,
        double learningRate,
        double warmup,
        double weightDecay,
        double clip,
        ViewSettings views,
        Objectives objectives,
        GeneEmbeddings genes,
        int redrawEvery) {
    public PretrainSettings {
        if (batch < 1 || steps < 1) {
            throw new IllegalArgumentException(steps + " steps of " + batch + " cells; 1 of 1 at least is needed");
        }
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException("the learning rate is " + learningRate + "; it is greater than 0");
        }
        if (!(warmup >= 0 && warmup < 1 && weightDecay >= 0 && clip > 0 && redrawEvery >= 0)) {
            throw new IllegalArgumentException("the optimiser's settings are out of range");
        }
        model = model.with(objectives.pooling());
    }

    /** Sensible settings for a size: smaller networks take larger steps. */
    public static PretrainSettings of(Preset preset) {
        double learningRate = switch (preset) {
            case TINY -> 2e-3;
            case SMALL -> 1e-3;
            case PUBLISHED -> 2e-4;
        };
        long steps = switch (preset) {
            case TINY -> 300;
            case SMALL -> 1_000;
            case PUBLISHED -> 10_000;
        };
        return new PretrainSettings(
                preset,
                new ModelOptions(0, true, Objectives.DEFAULT.pooling()),
                256,
                steps,
                1,
                learningRate,
                0.05,
                0.01,
                1.0,
                ViewSettings.DEFAULT,
                Objectives.DEFAULT,
                GeneEmbeddings.COEXPRESSION,
                0);
    }

    /** The same with another batch, number of steps and seed. */
    public PretrainSettings with(int newBatch, long newSteps, long newSeed) {
        return new PretrainSettings(
                preset,
                model,
                newBatch,
                newSteps,
                newSeed,
                learningRate,
                warmup,
                weightDecay,
                clip,
                views,
                objectives,
                genes,
                redrawEvery);
    }

    /** The same with other views and objectives. */
    public PretrainSettings with(ViewSettings newViews, Objectives newObjectives) {
        return new PretrainSettings(
                preset,
                model,
                batch,
                steps,
                seed,
                learningRate,
                warmup,
                weightDecay,
                clip,
                newViews,
                newObjectives,
                genes,
                redrawEvery);
    }

    /** The same with another learning rate. */
    public PretrainSettings withLearningRate(double rate) {
        return new PretrainSettings(
                preset,
                model,
                batch,
                steps,
                seed,
                rate,
                warmup,
                weightDecay,
                clip,
                views,
                objectives,
                genes,
                redrawEvery);
    }

    /** The same around another kind of model. */
    public PretrainSettings with(ModelOptions options) {
        return new PretrainSettings(
                preset,
                options,
                batch,
                steps,
                seed,
                learningRate,
                warmup,
                weightDecay,
                clip,
                views,
                objectives,
                genes,
                redrawEvery);
    }

    /** The same with other first embeddings of the genes. */
    public PretrainSettings with(GeneEmbeddings first) {
        return new PretrainSettings(
                preset,
                model,
                batch,
                steps,
                seed,
                learningRate,
                warmup,
                weightDecay,
                clip,
                views,
                objectives,
                first,
                redrawEvery);
    }
}
