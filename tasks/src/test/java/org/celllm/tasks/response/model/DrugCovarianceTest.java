package org.celllm.tasks.response.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.Workers;
import org.junit.jupiter.api.Test;

class DrugCovarianceTest {
    private static final int DRUGS = 6;
    private static final double NOISE = 0.2;

    @Test
    void findsMeansCovariancesAndNoiseOfLinesThatAreMeasuredInPart() {
        double[][] responses = drawn(3000, 11);
        try (Workers workers = new Workers(1)) {
            DrugCovariance learned = DrugCovariance.learn(responses, workers);
            for (int d = 0; d < DRUGS; d++) {
                assertThat(learned.mean()[d]).as("mean %d", d).isCloseTo(d - 2.0, within(0.1));
                for (int e = 0; e < DRUGS; e++) {
                    assertThat(learned.covariance()[d][e])
                            .as("covariance of %d and %d", d, e)
                            .isCloseTo(truth(d, e), within(0.25));
                    assertThat(learned.covariance()[d][e]).isEqualTo(learned.covariance()[e][d]);
                }
            }
            assertThat(learned.noise()).isCloseTo(NOISE, within(0.05));
        }
    }

    @Test
    void isTheSameBitsWithAnyNumberOfWorkers() {
        double[][] responses = drawn(70, 12);
        try (Workers one = new Workers(1);
                Workers three = new Workers(3)) {
            DrugCovariance alone = DrugCovariance.learn(responses, one);
            DrugCovariance shared = DrugCovariance.learn(responses, three);
            assertThat(shared.covariance()).isDeepEqualTo(alone.covariance());
            assertThat(shared.mean()).isEqualTo(alone.mean());
            assertThat(shared.noise()).isEqualTo(alone.noise());
        }
    }

    /** Drugs 0 to 2 and 3 to 5 share a factor each. */
    private static double truth(int d, int e) {
        return (d / 3 == e / 3 ? 1 : 0) + (d == e ? 0.1 : 0);
    }

    /** Lines, of whose responses a third is not measured. */
    private static double[][] drawn(int lines, long seed) {
        KeyedRandom random = KeyedRandom.of(seed);
        double[][] responses = new double[lines][DRUGS];
        for (double[] line : responses) {
            double[] factors = {random.nextGaussian(), random.nextGaussian()};
            for (int d = 0; d < DRUGS; d++) {
                double value = d
                        - 2
                        + factors[d / 3]
                        + Math.sqrt(0.1) * random.nextGaussian()
                        + Math.sqrt(NOISE) * random.nextGaussian();
                line[d] = random.nextDouble() < 1 / 3.0 ? Double.NaN : value;
            }
        }
        // A line that nobody measured at all would have no say: each has one response at least.
        for (int l = 0; l < lines; l++) {
            if (Double.isNaN(responses[l][l % DRUGS])) {
                responses[l][l % DRUGS] = l % DRUGS - 2 + random.nextGaussian() * Math.sqrt(1.1 + NOISE);
            }
        }
        return responses;
    }
}
