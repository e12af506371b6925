package org.celllm.data.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class SymmetricEigenTest {
    @Test
    void vectorsAndValuesGiveTheMatrixBack() {
        for (long seed = 0; seed < 5; seed++) {
            KeyedRandom random = KeyedRandom.of(seed);
            int n = 2 + random.nextInt(40);
            double[] matrix = new double[n * n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    matrix[i * n + j] = random.nextGaussian();
                    matrix[j * n + i] = matrix[i * n + j];
                }
            }
            SymmetricEigen eigen = SymmetricEigen.of(matrix, n);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    double back = 0;
                    for (int c = 0; c < n; c++) {
                        back += eigen.vectors()[i * n + c] * eigen.values()[c] * eigen.vectors()[j * n + c];
                    }
                    assertThat(back).as("seed %d", seed).isCloseTo(matrix[i * n + j], within(1e-8));
                }
            }
            assertThat(eigen.values()).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        }
    }
}
