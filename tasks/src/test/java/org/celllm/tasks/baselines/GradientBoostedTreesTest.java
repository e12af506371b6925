package org.celllm.tasks.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.celllm.data.features.DenseRows;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GradientBoostedTreesTest {
    private static final int CELLS = 400;

    @BeforeAll
    static void needsItsNativeLibrary() {
        assumeTrue(GradientBoostedTrees.isAvailable(), "LightGBM's native library cannot be loaded here");
    }

    @Test
    void learnsWhatALinearRuleCannot() {
        DenseRows rows = rows(1);
        int[] codes = quadrants(rows);
        DenseRows others = rows(2);
        int[] truth = quadrants(others);
        GradientBoostedTrees trees = GradientBoostedTrees.fit(rows, codes, 2, 0);
        LogisticRegression linear = LogisticRegression.fit(rows, codes, 2, 1, ClassWeights.NONE);
        assertThat(right(trees.predict(others), truth)).isGreaterThan(0.9);
        assertThat(right(linear.predict(others), truth)).isLessThan(0.65);
    }

    @Test
    void aFitCanBeRepeated() {
        DenseRows rows = rows(3);
        List<String> first =
                GradientBoostedTrees.fit(rows, quadrants(rows), 2, 7).models();
        assertThat(GradientBoostedTrees.fit(rows, quadrants(rows), 2, 7).models())
                .isEqualTo(first);
    }

    @Test
    void aFewCellsAreEnoughToSplit() {
        DenseRows rows = DenseRows.of(new float[][] {{0, 0}, {0.1f, 1}, {5, 0}, {5.1f, 1}});
        GradientBoostedTrees trees = GradientBoostedTrees.fit(rows, new int[] {0, 0, 1, 1}, 2, 0);
        assertThat(trees.predict(rows)).containsExactly(0, 0, 1, 1);
    }

    @Test
    void classesWithoutCellsAreNeverPredicted() {
        DenseRows rows = rows(4);
        int[] codes = new int[CELLS];
        for (int i = 0; i < CELLS; i++) {
            codes[i] = rows.values()[i][0] < -0.5 ? 0 : rows.values()[i][0] < 0.5 ? 1 : 3;
        }
        double[][] logs = GradientBoostedTrees.fit(rows, codes, 4, 0).logProbabilities(rows);
        for (double[] cell : logs) {
            assertThat(cell[2]).isEqualTo(Double.NEGATIVE_INFINITY);
            assertThat(Math.exp(cell[0]) + Math.exp(cell[1]) + Math.exp(cell[3]))
                    .isCloseTo(1, within(1e-6));
        }
        assertThat(right(Classifier.likeliest(logs), codes)).isGreaterThan(0.95);
        assertThat(GradientBoostedTrees.fit(rows, new int[CELLS], 2, 0).predict(rows))
                .containsOnly(0);
    }

    private static double right(int[] codes, int[] truth) {
        double right = 0;
        for (int i = 0; i < codes.length; i++) {
            right += codes[i] == truth[i] ? 1 : 0;
        }
        return right / codes.length;
    }

    private static DenseRows rows(long seed) {
        KeyedRandom random = KeyedRandom.of(seed);
        float[][] rows = new float[CELLS][3];
        for (float[] row : rows) {
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) (2 * random.nextDouble() - 1);
            }
        }
        return DenseRows.of(rows);
    }

    private static int[] quadrants(DenseRows rows) {
        int[] codes = new int[rows.rows()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = rows.values()[i][0] * rows.values()[i][1] > 0 ? 1 : 0;
        }
        return codes;
    }
}
