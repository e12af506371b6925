package org.celllm.tasks.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class RocCurveTest {
    @Test
    void itsAreaIsTheChanceThatAPositiveRanksHigherTiesIncluded() {
        for (int seed = 0; seed < 30; seed++) {
            KeyedRandom random = KeyedRandom.of(seed, 1);
            int n = 5 + random.nextInt(60);
            boolean[] positive = new boolean[n];
            float[] scores = new float[n];
            for (int i = 0; i < n; i++) {
                positive[i] = i == 0 || (i > 1 && random.nextInt(3) == 0);
                scores[i] = random.nextInt(7) + (positive[i] ? 1 : 0);
            }
            RocCurve curve = RocCurve.of(positive, scores);
            assertThat(curve.area()).as("seed %d", seed).isCloseTo(RocArea.of(positive, scores), within(1e-12));
            assertThat(curve.at(1)).isEqualTo(1);
        }
    }

    @Test
    void aScoreThatTellsAllStandsUprightAndOneThatTellsNothingIsTheDiagonal() {
        boolean[] positive = {true, true, false, false};
        assertThat(RocCurve.of(positive, new float[] {4, 3, 2, 1}).at(0)).isEqualTo(1);
        RocCurve constant = RocCurve.of(positive, new float[4]);
        assertThat(constant.at(0.3)).isCloseTo(0.3, within(1e-12));
        assertThat(constant.area()).isEqualTo(0.5);
        RocCurve wrong = RocCurve.of(positive, new float[] {1, 2, 3, 4});
        assertThat(wrong.at(0.9)).isZero();
        assertThatThrownBy(() -> RocCurve.of(new boolean[2], new float[2]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
