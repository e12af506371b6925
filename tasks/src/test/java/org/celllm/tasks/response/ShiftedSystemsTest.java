package org.celllm.tasks.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class ShiftedSystemsTest {
    @Test
    void solutionsAreThoseOfCholesky() {
        double[] penalties = {0.5, 3, 100};
        for (long seed = 0; seed < 10; seed++) {
            KeyedRandom random = KeyedRandom.of(seed);
            int n = 1 + random.nextInt(30);
            double[][] matrix = new double[n][n];
            for (int rank = 0; rank < 1 + random.nextInt(n); rank++) {
                double[] row = random.doubles(n, -1, 1).toArray();
                for (int i = 0; i < n; i++) {
                    ShiftedSystems.add(matrix[i], row, row[i]);
                }
            }
            double[] y = random.doubles(n, -1, 1).toArray();
            double[][] solved = ShiftedSystems.solve(
                    vector -> {
                        double[] image = new double[n];
                        for (int i = 0; i < n; i++) {
                            image[i] = ShiftedSystems.dot(matrix[i], vector);
                        }
                        return image;
                    },
                    y,
                    penalties,
                    n);
            for (int p = 0; p < penalties.length; p++) {
                double[][] shifted = new double[n][];
                for (int i = 0; i < n; i++) {
                    shifted[i] = matrix[i].clone();
                    shifted[i][i] += penalties[p];
                }
                double[] expected = y.clone();
                Cholesky.solve(shifted, expected);
                assertThat(solved[p]).as("seed %d", seed).containsExactly(expected, within(1e-4));
            }
        }
    }

    @Test
    void nothingIsTheSolutionOfNothing() {
        assertThat(ShiftedSystems.solve(vector -> vector, new double[3], new double[] {1}, 5)[0])
                .containsOnly(0);
    }
}
