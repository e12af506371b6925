package org.celllm.tasks.response;

/** One way of predicting responses, scored by a protocol. Implementations are immutable. */
public interface ResponseMethod {
    /** The name in tables. */
    String name();

    /**
     * Predicts the test pairs of a split from its training pairs, with settings chosen by its validation pairs; the
     * responses of the test pairs are not to be looked at.
     *
     * @param seed of whatever is random in it
     * @return [test pairs] ln IC50, finite
     */
    float[] predict(ResponseData data, ResponseSplit split, long seed);
}
