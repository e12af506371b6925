package org.celllm.tasks.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CorrelationTest {
    @Test
    void pearsonByHand() {
        // Deviations −1.5 −0.5 0.5 1.5 and −1 −2 2 1: products 1.5 + 1 + 1 + 1.5 = 5, squares 5 and 10.
        float[] measured = {1, 2, 3, 4};
        float[] predicted = {2, 1, 5, 4};
        assertThat(Correlation.pearson(measured, predicted)).isCloseTo(5 / Math.sqrt(50), within(1e-12));
    }

    @Test
    void tiesShareTheMeanOfTheirRanks() {
        assertThat(Correlation.ranks(new float[] {10, 20, 10, 5, 10})).containsExactly(3, 5, 3, 1, 3);
        // Ranks 1 2.5 2.5 4 and 1 3 2 4: products 2.25 + 0 + 0 + 2.25 = 4.5, squares 4.5 and 5.
        assertThat(Correlation.spearman(new float[] {1, 2, 2, 9}, new float[] {-1, 3, 0, 3.5f}))
                .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
    }

    @Test
    void spearmanSeesTheOrderOnly() {
        assertThat(Correlation.spearman(new float[] {1, 2, 3}, new float[] {1, 10, 1000}))
                .isCloseTo(1, within(1e-12));
        assertThat(Correlation.spearman(new float[] {1, 2, 3}, new float[] {3, 2, -7}))
                .isCloseTo(-1, within(1e-12));
    }

    @Test
    void aConstantPredictionTellsNothingAndConstantMeasurementsCannotBeScored() {
        assertThat(Correlation.pearson(new float[] {1, 2, 3}, new float[] {0.1f, 0.1f, 0.1f}))
                .isZero();
        assertThat(Correlation.pearson(new float[] {2, 2, 2}, new float[] {1, 2, 3}))
                .isNaN();
    }
}
