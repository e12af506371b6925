package org.celllm.tasks.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class IntervalTest {
    @Test
    void followsStudentsT() {
        // Mean 3, standard error sqrt(2.5 / 5), t(4) = 2.7764.
        Interval interval = Interval.of(1, 2, 3, 4, 5);
        assertThat(interval.mean()).isEqualTo(3);
        assertThat(interval.high() - 3).isCloseTo(2.7764 * Math.sqrt(0.5), within(1e-4));
        assertThat(3 - interval.low()).isCloseTo(2.7764 * Math.sqrt(0.5), within(1e-4));
    }

    @Test
    void quantilesBeyondTheTableContinueIt() {
        assertThat(Interval.studentT(31)).isCloseTo(2.0395, within(2e-4));
        assertThat(Interval.studentT(60)).isCloseTo(2.0003, within(1e-4));
        assertThat(Interval.studentT(1_000_000)).isCloseTo(1.95996, within(1e-4));
    }

    @Test
    void oneValueHasNoInterval() {
        Interval interval = Interval.of(0.5);
        assertThat(interval.mean()).isEqualTo(0.5);
        assertThat(interval.low()).isNaN();
        assertThat(interval.above0()).isFalse();
    }

    @Test
    void endsWhereNoValueCanBe() {
        Interval shares = Interval.ofShares(0.2, 1, 1);
        assertThat(shares.high()).isEqualTo(1);
        assertThat(shares.low()).isEqualTo(0);
        assertThat(Interval.of(0.2, 1, 1).high()).isGreaterThan(1);
        assertThat(Interval.of(-1, 1, 1).within(-1, 1).low()).isEqualTo(-1);
        assertThat(Interval.of(0.5).within(0, 1).low()).isNaN();
    }

    @Test
    void pairingSeesADifferenceThatSeparateIntervalsHide() {
        double[] a = {0.70, 0.80, 0.90, 0.60};
        double[] b = {0.69, 0.78, 0.89, 0.58};
        assertThat(Interval.ofDifference(a, b).above0()).isTrue();
        assertThat(Interval.of(a).low()).isLessThan(Interval.of(b).high());
    }

    @Test
    void coversTheTruthNineteenTimesInTwenty() {
        KeyedRandom random = KeyedRandom.of(5);
        int covered = 0;
        for (int trial = 0; trial < 4000; trial++) {
            double[] values = new double[5];
            for (int i = 0; i < 5; i++) {
                values[i] = 1 + random.nextGaussian();
            }
            Interval interval = Interval.of(values);
            covered += interval.low() <= 1 && 1 <= interval.high() ? 1 : 0;
        }
        assertThat(covered / 4000.0).isBetween(0.94, 0.96);
    }
}
