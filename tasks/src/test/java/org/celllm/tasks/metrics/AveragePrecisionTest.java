package org.celllm.tasks.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AveragePrecisionTest {
    @Test
    void areaByHand() {
        // Half of the positives at precision 1, the other half at 2/3.
        assertThat(AveragePrecision.of(new boolean[] {false, false, true, true}, new double[] {0.1, 0.4, 0.35, 0.8}))
                .isCloseTo(0.5 + 0.5 * 2 / 3, within(1e-12));
    }

    @Test
    void aScoreThatTellsNothingGetsTheShareOfPositives() {
        assertThat(AveragePrecision.of(new boolean[] {true, false, false, false}, new double[4]))
                .isEqualTo(0.25);
    }

    @Test
    void infiniteScoresAreScoresToo() {
        assertThat(AveragePrecision.of(
                        new boolean[] {true, false, false},
                        new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0}))
                .isEqualTo(1);
    }

    @Test
    void withoutAClassThereIsNone() {
        assertThat(AveragePrecision.of(new boolean[] {true, true}, new double[] {1, 2}))
                .isNaN();
        assertThat(AveragePrecision.of(new boolean[] {false}, new double[] {1})).isNaN();
    }
}
