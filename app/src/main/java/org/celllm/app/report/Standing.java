package org.celllm.app.report;

import org.celllm.app.report.ReportPage.Score;
import org.jspecify.annotations.Nullable;

/**
 * Where a model stands beside its best baseline, by one measure of which more is better.
 *
 * @param setting what was asked: {@code "5 folds × 5 seeds"}, {@code "unseen lines"}
 * @param measure by which
 * @param model name of the model's method, {@code null} when only baselines were scored
 * @param score of the model
 * @param baseline name of the baseline with the highest mean on the same splits, {@code null} when there is none
 * @param baselineScore of that baseline
 * @param ahead how far the model is ahead of it, paired by split
 * @param verdict what the interval of {@code ahead} says
 */
public record Standing(
        String setting,
        String measure,
        @Nullable String model,
        Score score,
        @Nullable String baseline,
        Score baselineScore,
        Score ahead,
        Verdict verdict) {}
