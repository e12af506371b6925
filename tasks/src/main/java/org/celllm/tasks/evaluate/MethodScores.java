package org.celllm.tasks.evaluate;

import org.celllm.tasks.metrics.ConfusionMatrix;
import org.celllm.tasks.metrics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * How one method did.
 *
 * @param method its name
 * @param macroF1ByTrial [trials] mean over the trial's splits
 * @param accuracyByTrial [trials] share of test cells named right, likewise
 * @param macroF1 over the trials
 * @param accuracy over the trials
 * @param difference macro-F1 of the first method minus this one's, paired by trial; {@code null} for the first itself
 * @param ranking of two classes; {@code null} where there are more
 * @param confusion all trials' test cells together
 * @param seconds spent fitting and predicting, all trials together
 */
public record MethodScores(
        String method,
        double[] macroF1ByTrial,
        double[] accuracyByTrial,
        Interval macroF1,
        Interval accuracy,
        @Nullable Interval difference,
        @Nullable RankingScores ranking,
        ConfusionMatrix confusion,
        double seconds) {}
