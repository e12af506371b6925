package org.celllm.training.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    private final LearningRateSchedule schedule = new LearningRateSchedule(1e-3, 10, 110);

    @Test
    void warmsUpInALine() {
        assertThat(schedule.at(0)).isCloseTo(1e-4, within(1e-12));
        assertThat(schedule.at(9)).isCloseTo(1e-3, within(1e-12));
    }

    @Test
    void fallsAlongACosineToATenth() {
        assertThat(schedule.at(60)).isCloseTo(0.55e-3, within(1e-12));
        assertThat(schedule.at(110)).isCloseTo(1e-4, within(1e-12));
        assertThat(schedule.at(100_000)).isCloseTo(1e-4, within(1e-12));
    }
}
