package org.celllm.tasks.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.features.DenseRows;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.RandomRows;
import org.junit.jupiter.api.Test;

class RidgeClassifierTest {
    @Test
    void solvesTheNormalEquations() {
        for (long seed = 0; seed < 5; seed++) {
            KeyedRandom random = KeyedRandom.of(seed);
            DenseRows rows = RandomRows.gaussian(random, 60, 7);
            int[] codes = random.ints(60, 0, 3).toArray();
            double penalty = 0.5 + random.nextDouble();
            RidgeClassifier fit = RidgeClassifier.fit(rows, codes, 3, penalty);
            // At the solution: Σᵢ xᵢ (xᵢ·w + b − yᵢ) + penalty·w = 0, and the residuals sum to zero.
            for (int c = 0; c < 3; c++) {
                double[] slope = new double[7];
                double sum = 0;
                for (int i = 0; i < 60; i++) {
                    double score = fit.intercepts()[c];
                    for (int j = 0; j < 7; j++) {
                        score += rows.values()[i][j] * fit.weights()[j * 3 + c];
                    }
                    double residual = score - (codes[i] == c ? 1 : -1);
                    sum += residual;
                    for (int j = 0; j < 7; j++) {
                        slope[j] += rows.values()[i][j] * residual;
                    }
                }
                assertThat(sum).as("seed %d", seed).isCloseTo(0, within(1e-3));
                for (int j = 0; j < 7; j++) {
                    assertThat(slope[j] + penalty * fit.weights()[j * 3 + c])
                            .as("seed %d", seed)
                            .isCloseTo(0, within(1e-3));
                }
            }
        }
    }

    @Test
    void fewerCellsThanFeaturesIsNoTrouble() {
        KeyedRandom random = KeyedRandom.of(1);
        DenseRows rows = RandomRows.gaussian(random, 6, 50);
        int[] codes = {0, 0, 1, 1, 2, 2};
        assertThat(RidgeClassifier.fit(rows, codes, 3, 1).predict(rows)).isEqualTo(codes);
    }
}
