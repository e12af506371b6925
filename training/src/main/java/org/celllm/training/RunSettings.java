package org.celllm.training;

import org.celllm.network.runtime.Precision;

/**
 * How a run uses the machine. None of it changes what is learned, but for rounding.
 *
 * @param memory resident bytes of the whole process that the run may take, at most
 * @param threads chunks computed at once; 0 for as many as the machine has
 * @param precision number formats
 * @param validateEvery steps between looks at the validation cells, 0 for only at the end
 * @param checkpointEvery steps between checkpoints, 0 for only at the end
 * @param keepCheckpoints how many of the newest checkpoints stay, beside the best
 * @param existing what to do with a folder that is there
 */
public record RunSettings(
        long memory,
        int threads,
        Precision precision,
        int validateEvery,
        int checkpointEvery,
        int keepCheckpoints,
        Existing existing) {
    /** What to do when the model's folder exists. */
    public enum Existing {
        /** Refuse. */
        REFUSE,
        /** Go on from the newest valid checkpoint, or refuse with what differs. */
        RESUME,
        /** Go on even when settings, corpus or machine differ, and write that into the provenance. */
        RESUME_ANYWAY,
        /** Begin anew; a whole model that is there goes when the new one is whole ({@link ReplacedModel}), anything else at once. */
        REPLACE
    }

    public RunSettings {
        if (memory < 1 || threads < 0 || validateEvery < 0 || checkpointEvery < 0 || keepCheckpoints < 1) {
            throw new IllegalArgumentException("settings of a run are out of range");
        }
    }

    /** Float32, all threads, a look every 50 steps, a checkpoint every 200 of which two stay. */
    public static RunSettings of(long memory) {
        return new RunSettings(memory, 0, Precision.FLOAT32, 50, 200, 2, Existing.REFUSE);
    }

    /** The same, dealing otherwise with a folder that is there. */
    public RunSettings with(Existing other) {
        return new RunSettings(memory, threads, precision, validateEvery, checkpointEvery, keepCheckpoints, other);
    }
}
