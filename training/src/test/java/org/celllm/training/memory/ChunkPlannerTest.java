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

    @Test
    void keptGraphsAndTheChunksAtWorkFitTogether() {
        KeyedRandom random = KeyedRandom.of(SEED, 2);
        for (int trial = 0; trial < 200; trial++) {
            int active = 1 + random.nextInt(4);
            int positions = 100 + random.nextInt(8000);
            double working = 1000 + random.nextInt(20_000);
            double graph = working * (0.4 + 0.6 * random.nextDouble());
            double free = active * positions * working * (1 + 20 * random.nextDouble());
            int kept = ChunkPlanner.kept(free, positions, active, working, graph);
            double beside = active * positions * (working - graph);
            assertThat(kept * graph * positions + beside)
                    .as("seed %s, trial %s", SEED, trial)
                    .isLessThanOrEqualTo(free * (1 + 1e-9));
            assertThat((kept + 1) * graph * positions + beside)
                    .as("one more would not fit, seed %s, trial %s", SEED, trial)
                    .isGreaterThan(free * (1 - 1e-9));
        }
    }
}
