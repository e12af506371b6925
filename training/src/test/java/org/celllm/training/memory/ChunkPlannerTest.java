package org.celllm.training.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.random.KeyedRandom;
import org.celllm.training.contrast.ChunkPlan;
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

    @Test
    void whatIsAtWorkAndWhatWaitsFitsIntoWhatIsFree() {
        KeyedRandom random = KeyedRandom.of(SEED, 3);
        int recomputing = 0;
        int refused = 0;
        for (int trial = 0; trial < 1000; trial++) {
            int workers = 1 + random.nextInt(4);
            int longest = 2 + random.nextInt(12_000);
            long total = longest + (long) random.nextInt(500_000);
            double working = 1000 + random.nextInt(200_000);
            double waiting = working * (0.4 + 0.6 * random.nextDouble());
            double alone = working * longest * (0.1 + 0.2 * random.nextDouble());
            double free = working * longest * 6 * Math.pow(random.nextDouble(), 3);
            ChunkPlanner.Divided divided = ChunkPlanner.divide(
                    free, working, waiting, longest, total, workers, ChunkPlanner.MOST_POSITIONS, () -> alone);
            String replay = "seed " + SEED + " trial " + trial + " " + divided;
            ChunkPlan plan = divided.plan();
            if (plan == null) {
                refused++;
                assertThat(free).as(replay).isLessThan(alone);
                assertThat(divided.workingBytes()).as(replay).isEqualTo(alone);
                continue;
            }
            boolean again = plan.positions() < longest;
            recomputing += again ? 1 : 0;
            double largest = working * plan.positions();
            double each = again ? Math.max(largest, alone) : largest;
            assertThat(divided.workingBytes()).as(replay).isCloseTo(plan.workers() * each, within(1.0));
            // A graph that waits was at work before: only what work takes beside its graph comes on top.
            double beside = plan.workers() * (each - Math.min(largest, waiting * plan.positions()));
            assertThat(Math.max(divided.workingBytes(), beside + plan.kept() * waiting * plan.positions()))
                    .as(replay)
                    .isLessThanOrEqualTo(free * (1 + 1e-9) + 1);
            if (again) {
                assertThat(free).as("whole graphs would do, %s", replay).isLessThan(workers * working * longest);
            }
        }
        assertThat(recomputing).as("seed %s", SEED).isGreaterThan(50);
        assertThat(refused).as("seed %s", SEED).isGreaterThan(50);
    }

    @Test
    void allIsKeptOnlyWhereNothingIsRunTwiceAndAsFarAsMemoryGoes() {
        KeyedRandom random = KeyedRandom.of(SEED, 4);
        int some = 0;
        int every = 0;
        for (int trial = 0; trial < 1000; trial++) {
            int workers = 1 + random.nextInt(4);
            long total = 1000 + (long) random.nextInt(200_000);
            double working = 1000 + random.nextInt(20_000);
            double waiting = working * (0.4 + 0.6 * random.nextDouble());
            double more = waiting * random.nextDouble();
            double free = total * working * 3 * random.nextDouble();
            ChunkPlanner.Divided divided = ChunkPlanner.divide(
                    free, working, waiting, 400, total, workers, ChunkPlanner.MOST_POSITIONS, () -> working * 100);
            ChunkPlan plan = divided.plan();
            if (plan == null) {
                continue;
            }
            int chunks = (int) (total / plan.positions()) + 1;
            int whole = ChunkPlanner.whole(divided, free, waiting, more, chunks);
            String replay = "seed " + SEED + " trial " + trial + " " + divided + ", whole " + whole;
            if (plan.kept() < chunks) {
                assertThat(whole).as(replay).isZero();
                continue;
            }
            double beside = Math.max(0, divided.workingBytes() - plan.workers() * waiting * plan.positions());
            double graphs = chunks * waiting * plan.positions();
            assertThat(beside + graphs + whole * more * plan.positions())
                    .as(replay)
                    .isLessThanOrEqualTo(Math.max(free, beside + graphs) * (1 + 1e-9));
            assertThat(whole).as(replay).isBetween(0, chunks);
            some += whole > 0 && whole < chunks ? 1 : 0;
            every += whole == chunks ? 1 : 0;
            assertThat(ChunkPlanner.whole(divided, free, waiting, 0, chunks))
                    .as(replay)
                    .isZero();
        }
        assertThat(some).as("seed %s", SEED).isGreaterThan(20);
        assertThat(every).as("seed %s", SEED).isGreaterThan(20);
    }

    @Test
    void chunksOfNarrowNetworksAreLargerWhereEveryGraphFits() {
        long total = 200_000;
        for (int dim : new int[] {64, 128}) {
            for (double share : new double[] {0.2, 0.9, 3}) {
                ChunkPlanner.Divided divided = ChunkPlanner.inLargeChunks(
                        most -> ChunkPlanner.divide(share * total * 1000, 1000, 700, 400, total, 2, most, () -> 1e9),
                        dim,
                        plan -> (int) (total / plan.positions()) + 1);
                ChunkPlan plan = divided.plan();
                assertThat(plan).isNotNull();
                int most = dim == 64 && share > 0.5 ? 2 * ChunkPlanner.MOST_POSITIONS : ChunkPlanner.MOST_POSITIONS;
                assertThat(plan.positions())
                        .as("%s wide, %s of what all graphs take", dim, share)
                        .isBetween(most * 3 / 4, most);
            }
        }
    }

    @Test
    void wholeGraphsAreNotMeasuredTheOtherWay() {
        ChunkPlanner.Divided divided =
                ChunkPlanner.divide(1e9, 1000, 500, 100, 10_000, 2, ChunkPlanner.MOST_POSITIONS, () -> {
                    throw new AssertionError("asked for");
                });
        assertThat(divided.plan()).isNotNull();
    }
}
