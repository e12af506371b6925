package org.celllm.tasks.annotate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.celllm.data.progress.Progress;
import org.celllm.network.CellSequences;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.evaluate.EvaluationData;
import org.celllm.tasks.evaluate.Method;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.finetune.FineTuneSettings;
import org.celllm.tasks.finetune.FineTuned;
import org.celllm.tasks.finetune.FineTuning;
import org.celllm.tasks.finetune.FrozenStates;
import org.celllm.tasks.finetune.LabelledSequences;
import org.jspecify.annotations.Nullable;

/**
 * Fine-tuning as published, as a method of a protocol: every split starts from the model's folder anew.
 *
 * @param model the folder
 * @param precision number formats
 * @param sequences of all cells of the evaluation, in its order
 * @param states of these cells, {@code null} where all layers are trained or have to be run
 * @param settings whose seed is replaced by the trial's
 * @param workers who compute
 */
public record FineTunedMethod(
        Path model,
        Precision precision,
        CellSequences sequences,
        @Nullable FrozenStates states,
        FineTuneSettings settings,
        Workers workers)
        implements Method {
    @Override
    public String name() {
        return settings.layers().method();
    }

    @Override
    public double[][] logProbabilities(EvaluationData data, Split split, long seed) {
        return logProbabilities(data, split, seed, Progress.SILENT);
    }

    @Override
    public double[][] logProbabilities(EvaluationData data, Split split, long seed, Progress progress) {
        LabelledSequences training = new LabelledSequences(
                sequences.select(split.train()),
                Split.codes(data.labels().codes(), split.train()),
                data.labels().classes());
        try (FineTuned tuned = FineTuning.run(
                model, precision, training, of(split.train()), settings.withSeed(seed), workers, progress)) {
            return tuned.logProbabilities(sequences.select(split.test()), of(split.test()), workers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable FrozenStates of(int[] cells) {
        return states == null ? null : states.select(cells);
    }
}
