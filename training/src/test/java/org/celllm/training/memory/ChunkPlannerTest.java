package org.celllm.training.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class ChunkPlannerTest {
    private static final long SEED = Long.getLong("celllm.seed", 2306);

    @Test
    void chunksAreNoLargerThanAllowedAndComeOutEvenForTheWorkers() {
        KeyedRandom random = KeyedRandom.of(SEED);
        for (int trial = 0; trial < 200; trial++) {
            int workers = 1 + random.nextInt(8);
            int longest = 2 + random.nextInt(500);
            long most = (long) longest + random.nextInt(10_000);
            long total = 1L + random.nextInt(2_000_000);
            int positions = ChunkPlanner.even(total, longest, most, workers);
            assertThat(positions)
                    .as("seed %s, trial %s", SEED, trial)
                    .isPositive()
                    .isLessThanOrEqualTo(Math.toIntExact(most));
            long rounds = (total + most * workers - 1) / (most * workers);
            long sequencesFull = Math.max(1, positions - longest);
            if (positions < most) {
                // Even when every chunk lacks almost a cell, no worker has one chunk more than needed.
                assertThat(sequencesFull * rounds * workers + rounds * workers)
                        .as("seed %s, trial %s", SEED, trial)
                        .isGreaterThanOrEqualTo(total);
            }
        }
    }
}
