package org.celllm.network.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RandomFeaturesTest {
    @Test
    void directionsOfABlockAreOrthogonalAndAsLongAsGaussianVectors() {
        int dim = 16;
        double[] directions = RandomFeatures.orthogonal(40, dim, 1, 0, 0);
        double squares = 0;
        for (int a = 0; a < 40; a++) {
            for (int b = 0; b < a; b++) {
                if (a / dim == b / dim) {
                    assertThat(dot(directions, a, b, dim)).isCloseTo(0, within(1e-10));
                }
            }
            squares += dot(directions, a, a, dim) / 40;
        }
        assertThat(squares).isBetween(0.7 * dim, 1.3 * dim);
    }

    @Test
    void aDrawIsAFunctionOfSeedDrawAndLayer() {
        double[] one = RandomFeatures.orthogonal(6, 4, 1, 2, 3);
        assertThat(RandomFeatures.orthogonal(6, 4, 1, 2, 3)).isEqualTo(one);
        assertThat(RandomFeatures.orthogonal(6, 4, 2, 2, 3)).isNotEqualTo(one);
        assertThat(RandomFeatures.orthogonal(6, 4, 1, 3, 3)).isNotEqualTo(one);
        assertThat(RandomFeatures.orthogonal(6, 4, 1, 2, 4)).isNotEqualTo(one);
    }

    private static double dot(double[] values, int a, int b, int dim) {
        double sum = 0;
        for (int i = 0; i < dim; i++) {
            sum += values[a * dim + i] * values[b * dim + i];
        }
        return sum;
    }
}
