package org.celllm.tasks.response.model;

/** A fitted {@link ResponsePath}. Not thread safe; closing it frees native memory. */
interface TrainedPath extends AutoCloseable {
    /**
     * Predicts all lines with all drugs.
     *
     * @return [lines, drugs] ln IC50, finite
     */
    double[][] predict(ResponseQuery query);

    /** What was chosen for it by the validation pairs, in words for people. */
    String chosen();

    @Override
    void close();
}
