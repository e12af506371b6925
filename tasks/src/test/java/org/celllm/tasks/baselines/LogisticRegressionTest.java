package org.celllm.tasks.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.features.DenseRows;
import org.celllm.data.features.SparseRows;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.RandomRows;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
    @Test
    void noSmallChangeOfTheFitLowersItsLoss() {
        for (long seed = 0; seed < 5; seed++) {
            KeyedRandom random = KeyedRandom.of(seed);
            SparseRows rows = RandomRows.sparse(random, 150, 12, 0.4);
            int[] codes = random.ints(150, 0, 3).toArray();
            LogisticRegression fit = LogisticRegression.fit(rows, codes, 3, 0.7, ClassWeights.NONE);
            double best = loss(fit, rows, codes, 0.7);
            for (int trial = 0; trial < 20; trial++) {
                double[] weights = fit.weights().clone();
                weights[random.nextInt(weights.length)] += 0.02 * (random.nextBoolean() ? 1 : -1);
                assertThat(loss(new LogisticRegression(weights, fit.intercepts()), rows, codes, 0.7))
                        .as("seed %d", seed)
                        .isGreaterThan(best);
            }
        }
    }

    @Test
    void knowsTheOddsOfABinaryFeature() {
        // One feature, no penalty to speak of: the fitted probabilities are the observed shares.
        float[][] values = new float[100][1];
        int[] codes = new int[100];
        for (int i = 0; i < 100; i++) {
            values[i][0] = i < 50 ? 1 : 0;
            codes[i] = i < 40 || i >= 90 ? 1 : 0;
        }
        LogisticRegression fit = LogisticRegression.fit(DenseRows.of(values), codes, 2, 1e6, ClassWeights.NONE);
        double[][] logs = fit.logProbabilities(DenseRows.of(new float[][] {{1}, {0}}));
        assertThat(Math.exp(logs[0][1])).isCloseTo(0.8, within(1e-3));
        assertThat(Math.exp(logs[1][1])).isCloseTo(0.2, within(1e-3));
    }

    @Test
    void sparseAndDenseRowsGiveTheSameFit() {
        KeyedRandom random = KeyedRandom.of(9);
        SparseRows sparse = RandomRows.sparse(random, 200, 8, 0.5);
        double[][] written = RandomRows.dense(sparse);
        float[][] values = new float[200][8];
        for (int i = 0; i < 200; i++) {
            for (int j = 0; j < 8; j++) {
                values[i][j] = (float) written[i][j];
            }
        }
        int[] codes = random.ints(200, 0, 4).toArray();
        double[] one = LogisticRegression.fit(sparse, codes, 4, 1, ClassWeights.BALANCED)
                .weights();
        double[] two = LogisticRegression.fit(DenseRows.of(values), codes, 4, 1, ClassWeights.BALANCED)
                .weights();
        for (int i = 0; i < one.length; i++) {
            assertThat(one[i]).isCloseTo(two[i], within(1e-6));
        }
    }

    @Test
    void aClassWithoutCellsIsNeverPredicted() {
        DenseRows rows = RandomRows.gaussian(KeyedRandom.of(2), 30, 3);
        int[] codes = new int[30];
        for (int i = 0; i < 30; i++) {
            codes[i] = i % 2 == 0 ? 0 : 2;
        }
        LogisticRegression fit = LogisticRegression.fit(rows, codes, 4, 1, ClassWeights.PUBLISHED);
        for (double[] logs : fit.logProbabilities(rows)) {
            assertThat(Math.exp(logs[1])).isZero();
            assertThat(Math.exp(logs[3])).isZero();
            assertThat(Math.exp(logs[0]) + Math.exp(logs[2])).isCloseTo(1, within(1e-12));
        }
        assertThat(fit.predict(rows)).containsOnly(0, 2);
    }

    @Test
    void balancedWeightsMakeARareClassCount() {
        KeyedRandom random = KeyedRandom.of(4);
        float[][] values = new float[500][2];
        int[] codes = new int[500];
        for (int i = 0; i < 500; i++) {
            codes[i] = i % 25 == 0 ? 1 : 0;
            values[i][0] = (float) (random.nextGaussian() + 1.2 * codes[i]);
            values[i][1] = (float) random.nextGaussian();
        }
        DenseRows rows = DenseRows.of(values);
        long plain = rare(LogisticRegression.fit(rows, codes, 2, 1, ClassWeights.NONE), rows);
        long balanced = rare(LogisticRegression.fit(rows, codes, 2, 1, ClassWeights.BALANCED), rows);
        assertThat(balanced).isGreaterThan(5 * Math.max(1, plain));
    }

    private static long rare(LogisticRegression fit, DenseRows rows) {
        return java.util.Arrays.stream(fit.predict(rows)).filter(c -> c == 1).count();
    }

    private static double loss(LogisticRegression fit, SparseRows rows, int[] codes, double strength) {
        double loss = 0;
        double[][] logs = fit.logProbabilities(rows);
        for (int i = 0; i < codes.length; i++) {
            loss -= strength * logs[i][codes[i]];
        }
        for (double weight : fit.weights()) {
            loss += weight * weight / 2;
        }
        return loss;
    }
}
