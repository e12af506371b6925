package org.celllm.tasks.evaluate;

import org.celllm.data.progress.Progress;
import org.celllm.tasks.baselines.Classifier;

/** One way of naming cells, scored by a protocol. Implementations are immutable. */
public interface Method {
    /** The name in tables. */
    String name();

    /**
     * How likely each class is for the test cells of a split, learnt from the labels of its training cells.
     *
     * @param seed of whatever is random in it
     * @return [test cells][classes] logarithms of probabilities, −∞ for a class without training cells
     */
    double[][] logProbabilities(EvaluationData data, Split split, long seed);

    /**
     * The same, telling how far it is where that takes long.
     *
     * @param progress of this fit
     */
    default double[][] logProbabilities(EvaluationData data, Split split, long seed, Progress progress) {
        return logProbabilities(data, split, seed);
    }

    /**
     * Names the test cells of a split.
     *
     * @return [test cells] the likeliest classes, the first of equals; −1 for unassigned
     */
    default int[] predict(EvaluationData data, Split split, long seed) {
        return Classifier.likeliest(logProbabilities(data, split, seed));
    }
}
