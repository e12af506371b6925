package org.celllm.tasks.evaluate;

import org.celllm.tasks.metrics.ConfusionMatrix;
import org.celllm.tasks.metrics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * How one method did.
 *
 * @param method its name
 * @param macroF1ByTrial [trials] mean over the trial's splits
 * @param macroF1 over the trials
 * @param accuracy over the trials
 * @param difference macro-F1 of the first method minus this one's, paired by trial; {@code null} for the first itself
 * @param confusion all trials' test cells together
 * @param seconds spent fitting and predicting, all trials together
 */
public record MethodScores(
        String method,
        double[] macroF1ByTrial,
        Interval macroF1,
        Interval accuracy,
        @Nullable Interval difference,
        ConfusionMatrix confusion,
        double seconds) {}
