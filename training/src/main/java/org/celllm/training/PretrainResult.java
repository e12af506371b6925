package org.celllm.training;

import java.nio.file.Path;
import org.celllm.training.contrast.StepResult;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to.
 *
 * @param model the model's folder
 * @param plan what it was run by
 * @param firstStep 0, or the step that it was resumed at
 * @param last the last training step
 * @param validation on cells that were not trained on, {@code null} when the corpus has too few
 * @param seconds of training, this time
 * @param peakBytes the highest resident memory of a step, 0 where the system does not tell
 */
public record PretrainResult(
        Path model,
        PretrainPlan plan,
        long firstStep,
        StepResult last,
        @Nullable StepResult validation,
        double seconds,
        long peakBytes) {}
