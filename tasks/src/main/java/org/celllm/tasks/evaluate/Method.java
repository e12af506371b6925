package org.celllm.tasks.evaluate;

import org.celllm.tasks.baselines.Classifier;

/** One way of naming cells, scored by a protocol. Implementations are immutable. */
public interface Method {
    /** The name in tables. */
    String name();

    /**
     * Weighs the classes of a split's test cells from the labels of its training cells.
     *
     * @param seed of whatever is random in it
     * @return [test cells][classes] logarithms of probabilities, or of scores that rank the cells alike
     */
    double[][] logProbabilities(EvaluationData data, Split split, long seed);

    /**
     * Names the test cells of a split: the likeliest class of each.
     *
     * @return [test cells] classes
     */
    default int[] predict(EvaluationData data, Split split, long seed) {
        return Classifier.likeliest(logProbabilities(data, split, seed));
    }
}
