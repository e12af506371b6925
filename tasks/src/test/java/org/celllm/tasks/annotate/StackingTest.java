package org.celllm.tasks.annotate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.baselines.LogisticRegression;
import org.junit.jupiter.api.Test;

class StackingTest {
    @Test
    void theMemberThatKnowsIsHeardAndTheOneThatGuessesIsNot() {
        KeyedRandom random = KeyedRandom.of(1);
        int[] codes = random.ints(500, 0, 3).toArray();
        double[] weights = Stacking.weights(List.of(logs(random, codes, 3), logs(random, codes, 0)), codes);
        assertThat(weights[0]).isGreaterThan(10 * weights[1]);
    }

    @Test
    void aClassOfFewCellsDoesNotOutweighTheOthers() {
        double[] weights = Stacking.cellWeights(new int[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1}, 3);
        assertThat(Arrays.stream(weights).sum()).isCloseTo(14, within(1e-9));
        assertThat(weights[12] / weights[0]).as("counted as one of ten").isCloseTo(1.2, within(1e-9));

        // Rare cells are called wrong by everybody, most by the member that knows the others.
        KeyedRandom random = KeyedRandom.of(3);
        int[] codes = new int[502];
        for (int i = 0; i < 500; i++) {
            codes[i] = i % 2;
        }
        codes[500] = 2;
        codes[501] = 2;
        double[][] knows = logs(random, codes, 4);
        double[][] vague = logs(random, codes, 0.5);
        for (int i = 500; i < 502; i++) {
            knows[i] = new double[] {0, -12, -12};
            vague[i] = new double[] {-1.1, -1.1, -1.1};
        }
        double[] chosen = Stacking.weights(List.of(knows, vague), codes);
        assertThat(chosen[0]).isGreaterThan(chosen[1]);
    }

    @Test
    void overConfidentMembersAreCooledDown() {
        KeyedRandom random = KeyedRandom.of(2);
        int[] codes = random.ints(800, 0, 3).toArray();
        double[][] honest = logs(random, codes, 1.5);
        double[][] bold = new double[honest.length][];
        for (int i = 0; i < bold.length; i++) {
            bold[i] = honest[i].clone();
            for (int c = 0; c < 3; c++) {
                bold[i][c] *= 4;
            }
            LogisticRegression.normalise(bold[i]);
        }
        double one = Stacking.weights(List.<double[][]>of(honest), codes)[0];
        double other = Stacking.weights(List.<double[][]>of(bold), codes)[0];
        assertThat(other).isBetween(one / 5, one / 3);
    }

    /** Log-probabilities that favour the truth by so much, with noise. */
    private static double[][] logs(KeyedRandom random, int[] codes, double strength) {
        double[][] logs = new double[codes.length][3];
        for (int i = 0; i < codes.length; i++) {
            for (int c = 0; c < 3; c++) {
                logs[i][c] = random.nextGaussian() + (c == codes[i] ? strength : 0);
            }
            LogisticRegression.normalise(logs[i]);
        }
        return logs;
    }
}
