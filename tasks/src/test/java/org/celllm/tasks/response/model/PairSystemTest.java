package org.celllm.tasks.response.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class PairSystemTest {
    @Test
    void solvesTheSystemOfTheMeasuredPairs() {
        KeyedRandom random = KeyedRandom.of(5);
        int lines = 9;
        int drugs = 7;
        double noise = 0.3;
        double[][] ofLines = covariance(random, lines);
        double[][] ofDrugs = covariance(random, drugs);
        double[] mask = new double[lines * drugs];
        double[] y = new double[mask.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextDouble() < 0.7 ? 1 : 0;
            y[i] = mask[i] * random.nextGaussian();
        }
        double[] w = PairSystem.solve(y, mask, ofLines, ofDrugs, noise);
        for (int i = 0; i < y.length; i++) {
            double image = noise * w[i];
            for (int j = 0; j < y.length; j++) {
                image += mask[i] * ofLines[i / drugs][j / drugs] * ofDrugs[i % drugs][j % drugs] * w[j];
            }
            assertThat(image).as("pair %d", i).isCloseTo(y[i], within(2e-3));
            if (mask[i] == 0) {
                assertThat(w[i]).as("not measured").isZero();
            }
        }
    }

    @Test
    void nothingToExplainNeedsNoWeights() {
        double[] w = PairSystem.solve(
                new double[4],
                new double[] {1, 1, 1, 1},
                new double[][] {{1, 0}, {0, 1}},
                new double[][] {{1, 0}, {0, 1}},
                1);
        assertThat(w).containsOnly(0);
    }

    private static double[][] covariance(KeyedRandom random, int n) {
        double[][] factors = new double[n][3];
        for (double[] row : factors) {
            for (int f = 0; f < 3; f++) {
                row[f] = random.nextGaussian();
            }
        }
        double[][] covariance = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int f = 0; f < 3; f++) {
                    covariance[i][j] += factors[i][f] * factors[j][f];
                }
            }
            covariance[i][i] += 0.5;
        }
        return covariance;
    }
}
