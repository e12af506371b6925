package org.celllm.training.contrast;

import static org.assertj.core.api.Assertions.assertThat;

import org.celllm.data.cells.CellBatch;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.Preset;
import org.celllm.network.runtime.GradientTape.Keeping;
import org.celllm.training.RandomCells;
import org.celllm.training.views.CellViews;
import org.celllm.training.views.ViewSettings;
import org.junit.jupiter.api.Test;

class ChunkPlanTest {
    private static final long SEED = Long.getLong("celllm.seed", 2306);

    @Test
    void keptChunksComeBackToTheWorkerThatRanThem() {
        KeyedRandom random = KeyedRandom.of(SEED);
        for (int trial = 0; trial < 500; trial++) {
            int chunks = 1 + random.nextInt(30);
            int active = 1 + random.nextInt(5);
            int kept = random.nextInt(35);
            int rerun = new ChunkPlan(10, kept, active).rerun(chunks, active);
            assertThat(rerun).isBetween(0, chunks);
            assertThat(chunks - rerun).as("no more are kept than allowed").isLessThanOrEqualTo(kept);
            assertThat(chunks - rerun)
                    .as("as many as can be, but for whole rounds")
                    .isGreaterThan(Math.min(kept, chunks) - active);
            for (int turn = 0; turn < chunks - rerun; turn++) {
                int chunk = (turn + rerun) % chunks;
                assertThat(turn % active).isEqualTo(chunk % active);
            }
        }
    }

    @Test
    void aCellThatIsTooLongHasAChunkOfItsOwnThatIsComputedAgain() {
        CellBatch batch = RandomCells.of(SEED, 60, 80, 60);
        CellViews views = new CellViews(ViewSettings.DEFAULT, Preset.TINY.config(80), SEED);
        ChunkPlan plan = new ChunkPlan(30, 0, 2);
        int next = 0;
        int tooLong = 0;
        for (ChunkPlan.Chunk chunk : plan.chunks(batch, views)) {
            assertThat(chunk.from()).isEqualTo(next);
            next = chunk.to();
            int positions = 0;
            for (int cell = chunk.from(); cell < chunk.to(); cell++) {
                positions += views.positions(batch, cell);
            }
            assertThat(chunk.keeping() == Keeping.READ).as("seed %s", SEED).isEqualTo(positions > 30);
            if (positions > 30) {
                assertThat(chunk.cells()).isEqualTo(1);
                tooLong++;
            }
        }
        assertThat(next).isEqualTo(60);
        assertThat(tooLong).as("seed %s", SEED).isBetween(1, 59);
    }

    @Test
    void aSmallerPlanGivesUpGraphsFirstAndIsSmallerUntilItIsAsSmallAsMakesSense() {
        ChunkPlan plan = new ChunkPlan(1000, 8, 2);
        assertThat(plan.smaller(1, 10, 4, 20)).isEqualTo(new ChunkPlan(1000, 7, 2));
        assertThat(plan.smaller(25_000, 10, 4, 20)).isEqualTo(new ChunkPlan(1000, 5, 2));
        assertThat(plan.smaller(80_000, 10, 4, 20)).isEqualTo(new ChunkPlan(1000, 0, 2));
        assertThat(plan.withWhole(6).smaller(1, 10, 4, 20)).isEqualTo(plan.withWhole(5));
        assertThat(plan.withWhole(6).smaller(24_000, 10, 4, 20)).isEqualTo(plan);
        assertThat(plan.withWhole(6).smaller(24_001, 10, 4, 20)).isEqualTo(new ChunkPlan(1000, 7, 2));
        KeyedRandom random = KeyedRandom.of(SEED, 1);
        for (int trial = 0; trial < 500; trial++) {
            ChunkPlan before = new ChunkPlan(
                    2 + random.nextInt(10_000), random.nextInt(5), random.nextInt(4), 1 + random.nextInt(4));
            ChunkPlan after = before.smaller(1L + random.nextInt(1 << 30), 5000, 3000, 9000);
            assertThat(after.workers()).isEqualTo(before.workers());
            if (before.positions() <= 512 && before.kept() == 0 && before.whole() == 0) {
                assertThat(after).isEqualTo(before);
                continue;
            }
            assertThat(after.positions() < before.positions()
                            || after.kept() < before.kept()
                            || after.whole() < before.whole())
                    .as("%s after %s, seed %s, trial %s", after, before, SEED, trial)
                    .isTrue();
        }
    }

    @Test
    void aLargerPlanFillsTheRoomAndLittleRoomChangesNothing() {
        ChunkPlan plan = new ChunkPlan(1000, 8, 2);
        assertThat(plan.larger(25_000, 10)).isEqualTo(new ChunkPlan(1000, 10, 2));
        assertThat(plan.larger(9_999, 10)).isEqualTo(plan);
        assertThat(plan.larger(-1, 10)).isEqualTo(plan);
        assertThat(new ChunkPlan(1000, 100, 2).larger(25_000, 10).kept()).isEqualTo(100);
    }
}
