package org.celllm.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.celllm.network.Preset;
import org.celllm.training.contrast.ChunkPlan;
import org.celllm.training.contrast.StepResult;
import org.junit.jupiter.api.Test;

class DivisionTest {
    private static final long BUDGET = 1_000_000_000;
    private static final PretrainPlan PLAN = new PretrainPlan(
            Preset.TINY.config(100),
            10,
            9,
            50,
            16,
            200,
            8000,
            20,
            2,
            0,
            0,
            2,
            9e3,
            5e3,
            1e3,
            1 << 20,
            BUDGET,
            0.5,
            List.of(),
            List.of());

    @Test
    void aStepThatTookTooMuchMakesThePlanSmallerAtOnceAndSaysWhen() {
        for (boolean measured : new boolean[] {true, false}) {
            PretrainPlan after = new Division(PLAN, measured).after(50, step(18), BUDGET + 1, BUDGET);
            assertThat(after.changes()).containsExactly(new PretrainPlan.Change(51, 8000, 1, 0, BUDGET + 1));
            assertThat(after.division(50)).isEqualTo(new ChunkPlan(8000, 2, 2));
            assertThat(after.division(51)).isEqualTo(new ChunkPlan(8000, 1, 2));
        }
    }

    @Test
    void roomIsUsedAfterTheFirstStepsOfAMeasuredPlanAlone() {
        assertThat(new Division(PLAN, true)
                        .after(1, step(18), BUDGET / 2, BUDGET)
                        .division(2))
                .isEqualTo(new ChunkPlan(8000, 12, 2));
        assertThat(new Division(PLAN, true).after(PretrainPlan.FIRST_STEPS + 1, step(18), BUDGET / 2, BUDGET))
                .isSameAs(PLAN);
        assertThat(new Division(PLAN, false).after(1, step(18), BUDGET / 2, BUDGET))
                .isSameAs(PLAN);
        assertThat(new Division(PLAN, true).after(1, step(0), BUDGET / 2, BUDGET))
                .as("nothing is run twice")
                .isSameAs(PLAN);
    }

    @Test
    void aChangeThatIsKnownIsNotMadeAgain() {
        PretrainPlan known = PLAN.changed(60, new ChunkPlan(8000, 0, 2), 5);
        assertThat(new Division(known, false).after(50, step(18), BUDGET * 2, BUDGET))
                .isSameAs(known);
    }

    private static StepResult step(int rerun) {
        return new StepResult(1, 1, 1, 1, 1, 1, 1, 1, 1, 16, 1000, 20, rerun);
    }
}
