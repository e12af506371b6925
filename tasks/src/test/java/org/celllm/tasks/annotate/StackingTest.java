package org.celllm.tasks.annotate;

import static org.assertj.core.api.Assertions.assertThat;

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
