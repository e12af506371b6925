package org.celllm.training;

import java.util.List;
import org.celllm.network.NetworkConfig;

/**
 * What a run would do: {@code --dry-run} prints it.
 *
 * @param network the network
 * @param parameters numbers in it
 * @param trained those that training changes
 * @param cells of the corpus to train on
 * @param batch cells a step
 * @param steps of the run
 * @param chunkPositions the most positions the encoder sees at once
 * @param chunks of a step, measured on the first batch
 * @param kept chunks whose graph is kept between the passes
 * @param workers chunks computed at once
 * @param bytesPerPosition resident memory a position takes, measured
 * @param expectedBytes resident memory that a step will take
 * @param budget what it may take
 * @param secondsPerStep from the probe
 * @param notes what was adapted to the corpus, and why
 */
public record PretrainPlan(
        NetworkConfig network,
        long parameters,
        long trained,
        long cells,
        int batch,
        long steps,
        int chunkPositions,
        int chunks,
        int kept,
        int workers,
        double bytesPerPosition,
        long expectedBytes,
        long budget,
        double secondsPerStep,
        List<String> notes) {
    public PretrainPlan {
        notes = List.copyOf(notes);
    }

    /** Seconds of the whole run, without validation and checkpoints. */
    public double seconds() {
        return secondsPerStep * steps;
    }
}
