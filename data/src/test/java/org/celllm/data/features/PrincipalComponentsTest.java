package org.celllm.data.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class PrincipalComponentsTest {
    @Test
    void areTheEigenvectorsOfTheCovarianceOfScaledGenes() {
        SparseRows expression = grouped(KeyedRandom.of(1), 300, 40);
        PrincipalComponents found = PrincipalComponents.fit(expression, 3, 7);
        double[][] scaled = RandomFeatures.dense(found.scaling().apply(expression));
        int p = found.scaling().genes().length;
        double[] covariance = new double[p * p];
        double[] mean = new double[p];
        for (double[] row : scaled) {
            for (int j = 0; j < p; j++) {
                mean[j] += row[j] / scaled.length;
            }
        }
        for (double[] row : scaled) {
            for (int i = 0; i < p; i++) {
                for (int j = 0; j < p; j++) {
                    covariance[i * p + j] += (row[i] - mean[i]) * (row[j] - mean[j]) / (scaled.length - 1);
                }
            }
        }
        SymmetricEigen exact = SymmetricEigen.of(covariance, p);
        for (int c = 0; c < 3; c++) {
            assertThat(found.variance()[c]).isCloseTo(exact.values()[c], within(1e-3 * exact.values()[c]));
            double alignment = 0;
            for (int j = 0; j < p; j++) {
                alignment += found.loadings()[j * 3 + c] * exact.vectors()[j * p + c];
            }
            assertThat(Math.abs(alignment)).isGreaterThan(0.999);
        }
    }

    @Test
    void doNotDependOnTheSeed() {
        SparseRows expression = grouped(KeyedRandom.of(2), 200, 60);
        float[][] one =
                PrincipalComponents.fit(expression, 2, 1).apply(expression).values();
        float[][] two =
                PrincipalComponents.fit(expression, 2, 2).apply(expression).values();
        for (int i = 0; i < one.length; i++) {
            for (int c = 0; c < 2; c++) {
                assertThat(one[i][c]).isCloseTo(two[i][c], within(0.02f));
            }
        }
    }

    @Test
    void fewCellsGiveFewComponents() {
        SparseRows expression = RandomFeatures.sparse(KeyedRandom.of(4), 5, 30, 0.5);
        assertThat(PrincipalComponents.fit(expression, 50, 1).components()).isEqualTo(4);
    }

    @Test
    void scalingCentresScalesAndClips() {
        SparseRows expression = RandomFeatures.sparse(KeyedRandom.of(5), 500, 10, 0.4);
        double[][] scaled =
                RandomFeatures.dense(GeneScaling.fit(expression, 4, 10).apply(expression));
        assertThat(scaled[0]).hasSize(4);
        double mean = 0;
        double square = 0;
        for (double[] row : scaled) {
            mean += row[2] / 500;
            square += row[2] * row[2] / 499;
        }
        assertThat(mean).isCloseTo(0, within(1e-6));
        assertThat(square).isCloseTo(1, within(1e-6));
        double[][] clipped =
                RandomFeatures.dense(GeneScaling.fit(expression, 4, 0.5).apply(expression));
        for (double[] row : clipped) {
            for (double value : row) {
                assertThat(Math.abs(value)).isLessThan(0.5 + 1e-6);
            }
        }
    }

    /** Cells of three groups, each with genes of its own. */
    private static SparseRows grouped(KeyedRandom random, int cells, int genes) {
        int[] offsets = new int[cells + 1];
        int[] indices = new int[cells * genes];
        float[] values = new float[cells * genes];
        int at = 0;
        for (int i = 0; i < cells; i++) {
            for (int g = 0; g < genes; g++) {
                double level = g % 4 == i % 3 ? 0.9 : 0.2 + 0.1 * (g % 3);
                if (random.nextDouble() < level) {
                    indices[at] = g;
                    values[at++] = (float) (1 + random.nextDouble());
                }
            }
            offsets[i + 1] = at;
        }
        return new SparseRows(genes, offsets, indices, values);
    }
}
