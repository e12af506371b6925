package org.celllm.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.celllm.network.NetworkConfig;
import org.celllm.training.contrast.ChunkPlan;

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
 * @param whole chunks of a step that keep all that the way back reads
 * @param recomputed chunks of the first batch that are one cell, too long to keep the graph of all its layers
 * @param workers chunks computed at once
 * @param bytesPerPosition resident memory a position takes, measured
 * @param graphPerPosition resident memory that a kept chunk takes by each position it may have, measured
 * @param morePerPosition resident memory that a position takes beside where all is kept
 * @param expectedBytes resident memory that a step will take
 * @param budget what it may take
 * @param secondsPerStep from the probe
 * @param changes when memory turned out otherwise, in order: the last is in force
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
        int whole,
        int recomputed,
        int workers,
        double bytesPerPosition,
        double graphPerPosition,
        double morePerPosition,
        long expectedBytes,
        long budget,
        double secondsPerStep,
        List<Change> changes,
        List<String> notes) {
    /** Steps at the beginning after which a plan may turn out to leave room. */
    static final long FIRST_STEPS = 6;

    public PretrainPlan {
        // Plans in checkpoints of before there were any have none.
        changes =
                Objects.requireNonNullElse(changes, List.<Change>of()).stream().toList();
        notes = List.copyOf(notes);
    }

    /**
     * Another division from a step on.
     *
     * @param step the first that was divided so, counted from 1
     * @param chunkPositions as {@link PretrainPlan#chunkPositions}
     * @param kept as {@link PretrainPlan#kept}
     * @param whole as {@link PretrainPlan#whole}
     * @param peakBytes what the process held when it was made
     */
    public record Change(long step, int chunkPositions, int kept, int whole, long peakBytes) {}

    /**
     * How a step is divided.
     *
     * @param step counted from 1
     */
    ChunkPlan division(long step) {
        ChunkPlan division = new ChunkPlan(chunkPositions, kept, whole, workers);
        for (Change change : changes) {
            if (change.step() <= step) {
                division = new ChunkPlan(change.chunkPositions(), change.kept(), change.whole(), workers);
            }
        }
        return division;
    }

    /** Whether a later step than {@code step} is known to be divided otherwise. */
    boolean changesAfter(long step) {
        return changes.stream().anyMatch(change -> change.step() > step);
    }

    /** The same with another division from a step on. */
    PretrainPlan changed(long step, ChunkPlan division, long peakBytes) {
        List<Change> all = new ArrayList<>(changes);
        all.add(new Change(step, division.positions(), division.kept(), division.whole(), peakBytes));
        return new PretrainPlan(
                network,
                parameters,
                trained,
                cells,
                batch,
                steps,
                chunkPositions,
                chunks,
                kept,
                whole,
                recomputed,
                workers,
                bytesPerPosition,
                graphPerPosition,
                morePerPosition,
                expectedBytes,
                budget,
                secondsPerStep,
                all,
                notes);
    }

    /** Seconds of the whole run, without validation and checkpoints. */
    public double seconds() {
        return secondsPerStep * steps;
    }
}
