package org.celllm.tasks.evaluate;

/** One way of naming cells, scored by a protocol. Implementations are immutable. */
public interface Method {
    /** The name in tables. */
    String name();

    /**
     * Names the test cells of a split from the labels of its training cells.
     *
     * @param seed of whatever is random in it
     * @return [test cells] classes, −1 for unassigned
     */
    int[] predict(EvaluationData data, Split split, long seed);
}
