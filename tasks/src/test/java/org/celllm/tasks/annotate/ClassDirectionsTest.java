package org.celllm.tasks.annotate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.celllm.data.features.DenseRows;
import org.junit.jupiter.api.Test;

class ClassDirectionsTest {
    /** Cosines 1, 0.6, −1, 0 to the first class and 0, 0.8, 0, 1 to the second, by hand. */
    @Test
    void probabilitiesFollowTheCosinesWhateverTheLengths() {
        DenseRows rows = DenseRows.of(new float[][] {{2, 0}, {30, 40}, {-7, 0}, {0, 0.1f}});
        double[][] logs = ClassDirections.logProbabilities(rows, new int[] {0, -1, -1, 1}, 2);
        double first = Math.sqrt((1 + 0.36 + 1) / 4 - 0.15 * 0.15);
        double second = Math.sqrt((0.64 + 1) / 4 - 0.45 * 0.45);
        double factor = 3 / ((first + second) / 2);
        assertThat(logs[1][1] - logs[1][0]).isCloseTo(factor * 0.2, within(1e-6));
        assertThat(logs[0][0] - logs[0][1]).isCloseTo(factor, within(1e-6));
        assertThat(logs[2][1] - logs[2][0]).isCloseTo(factor, within(1e-6));
        for (double[] cell : logs) {
            assertThat(Arrays.stream(cell).map(Math::exp).sum()).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void aClassWithoutALabelIsImpossibleAndACellAtTheMeanIsAnything() {
        DenseRows rows = DenseRows.of(new float[][] {{1, 0}, {0, 1}, {0, 0}});
        double[][] logs = ClassDirections.logProbabilities(rows, new int[] {0, 2, -1}, 3);
        assertThat(logs[0][1]).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(logs[2][0]).isEqualTo(logs[2][2]).isCloseTo(Math.log(0.5), within(1e-12));
    }
}
