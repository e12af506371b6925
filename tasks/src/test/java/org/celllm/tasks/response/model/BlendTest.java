package org.celllm.tasks.response.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class BlendTest {
    private static final int PAIRS = 2000;

    @Test
    void pathsThatMissIndependentlyShareTheWeightAndNoiseGetsNone() {
        KeyedRandom random = KeyedRandom.of(4);
        double[] measured = new double[PAIRS];
        double[][] predicted = new double[3][PAIRS];
        for (int i = 0; i < PAIRS; i++) {
            double truth = random.nextGaussian();
            measured[i] = 7 + truth;
            predicted[0][i] = 7 + truth + 0.5 * random.nextGaussian();
            predicted[1][i] = 7 + truth + 0.5 * random.nextGaussian();
            predicted[2][i] = 7 + random.nextGaussian();
        }
        Blend blend = Blend.fit(7, predicted, measured, 1000);
        assertThat(blend.weights()[0]).isCloseTo(blend.weights()[1], within(0.05));
        assertThat(blend.weights()[0]).isBetween(0.4, 0.5);
        assertThat(blend.weights()[2]).isLessThan(0.03);
        double alone = 0;
        double together = 0;
        for (int i = 0; i < PAIRS; i++) {
            alone += Math.pow(predicted[0][i] - measured[i], 2);
            together += Math.pow(blend.of(predicted[0][i], predicted[1][i], predicted[2][i]) - measured[i], 2);
        }
        assertThat(together).isLessThan(0.7 * alone);
    }

    @Test
    void weightsAreNeverNegative() {
        KeyedRandom random = KeyedRandom.of(6);
        double[] measured = new double[PAIRS];
        double[][] predicted = new double[2][PAIRS];
        for (int i = 0; i < PAIRS; i++) {
            predicted[0][i] = random.nextGaussian();
            predicted[1][i] = random.nextGaussian();
            measured[i] = predicted[0][i] - 0.5 * predicted[1][i];
        }
        Blend blend = Blend.fit(0, predicted, measured, 1000);
        assertThat(blend.weights()[0]).isCloseTo(1, within(0.05));
        assertThat(blend.weights()[1]).as("the best without bounds is -0.5").isZero();
    }

    @Test
    void fewDrugsOrLinesDoNotOverruleTheFirstPath() {
        double[] measured = {1, 2, 3, 4};
        double[][] predicted = {{1.5, 1.5, 3.5, 3.5}, {1.4, 1.7, 2.9, 4.2}};
        Blend many = Blend.fit(2.5, predicted, measured, 1_000_000);
        Blend one = Blend.fit(2.5, predicted, measured, 1);
        assertThat(many.weights()[1])
                .as("the second is nearly right, and many say so")
                .isGreaterThan(0.8);
        assertThat(many.weights()[0]).isLessThan(0.2);
        assertThat(one.weights()[0]).isGreaterThan(many.weights()[0] + 0.2);
        assertThat(one.weights()[1]).isLessThan(many.weights()[1] - 0.2);
    }
}
