package org.celllm.tasks.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RocAreaTest {
    @Test
    void areaByHand() {
        // Of six pairs of a positive and a negative, 0.9 wins three, 0.4 wins one and ties one.
        assertThat(RocArea.of(
                        new boolean[] {true, false, true, false, false}, new float[] {0.9f, 0.4f, 0.4f, 0.5f, 0.1f}))
                .isCloseTo(4.5 / 6, within(1e-12));
    }

    @Test
    void withoutAClassThereIsNone() {
        assertThat(RocArea.of(new boolean[] {true, true}, new float[] {1, 2})).isNaN();
        assertThat(RocArea.of(new boolean[] {false}, new float[] {1})).isNaN();
    }
}
