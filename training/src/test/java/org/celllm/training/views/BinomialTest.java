package org.celllm.training.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class BinomialTest {
    private static final long SEED = 20_261_125;
    private static final double[] PROBABILITIES = {0.001, 0.2, 0.5, 0.7, 0.99};

    @Test
    void everyNumberComesAsOftenAsItsProbabilitySays() {
        KeyedRandom random = KeyedRandom.of(SEED);
        int draws = 20_000;
        for (double probability : PROBABILITIES) {
            Binomial binomial = new Binomial(probability);
            for (int trials : new int[] {1, 2, 3, 17, 128}) {
                int[] seen = new int[trials + 1];
                for (int i = 0; i < draws; i++) {
                    seen[binomial.draw(random, trials)]++;
                }
                double logFactor = 0;
                for (int k = 0; k <= trials; k++) {
                    double expected =
                            Math.exp(logFactor + k * Math.log(probability) + (trials - k) * Math.log1p(-probability));
                    double deviation = Math.sqrt(expected * (1 - expected) / draws);
                    assertThat((double) seen[k] / draws)
                            .as("%s of %s at %s, seed %s", k, trials, probability, SEED)
                            .isCloseTo(expected, within(5 * deviation + 2.0 / draws));
                    logFactor += Math.log(trials - k) - Math.log(k + 1);
                }
            }
        }
    }

    @Test
    void manyMoleculesKeepMeanAndSpread() {
        KeyedRandom random = KeyedRandom.of(SEED, 1);
        int draws = 20_000;
        for (int trials : new int[] {129, 1_000, 100_000}) {
            Binomial binomial = new Binomial(0.3);
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < draws; i++) {
                double off = binomial.draw(random, trials) - trials * 0.3;
                sum += off;
                squares += off * off;
            }
            double variance = trials * 0.3 * 0.7;
            assertThat(sum / draws)
                    .as("of %s, seed %s", trials, SEED)
                    .isCloseTo(0, within(5 * Math.sqrt(variance / draws)));
            assertThat(squares / draws / variance)
                    .as("of %s, seed %s", trials, SEED)
                    .isCloseTo(1, within(0.06));
        }
    }

    @Test
    void certainAndImpossibleDrawAllAndNone() {
        KeyedRandom random = KeyedRandom.of(SEED, 2);
        for (int trials : new int[] {0, 1, 128, 129, 10_000}) {
            assertThat(new Binomial(1).draw(random, trials)).isEqualTo(trials);
            assertThat(new Binomial(0).draw(random, trials)).isZero();
        }
    }

    @Test
    void aDrawDoesNotDependOnThoseBefore() {
        Binomial used = new Binomial(0.4);
        for (int trials : new int[] {128, 3, 40}) {
            int again = used.draw(KeyedRandom.of(SEED, trials), trials);
            assertThat(new Binomial(0.4).draw(KeyedRandom.of(SEED, trials), trials))
                    .isEqualTo(again);
        }
    }
}
