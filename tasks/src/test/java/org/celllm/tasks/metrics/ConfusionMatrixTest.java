package org.celllm.tasks.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    private static final List<String> LABELS = List.of("B", "NK", "T");

    @Test
    void countsWhoWasTakenForWhom() {
        ConfusionMatrix matrix =
                ConfusionMatrix.of(LABELS, new int[] {0, 0, 1, 2, 2, -1}, new int[] {0, 1, 1, 2, -1, 0});
        assertThat(matrix.counts()).isDeepEqualTo(new long[][] {{1, 1, 0}, {0, 1, 0}, {0, 0, 1}});
        assertThat(matrix.unassigned()).containsExactly(0, 0, 1);
        assertThat(matrix.cells()).isEqualTo(5);
        assertThat(matrix.accuracy()).isCloseTo(0.6, within(1e-12));
    }

    @Test
    void macroF1IsTheMeanOverTheClassesThatOccur() {
        // B: precision 1, recall 1/2, F1 2/3; NK: precision 1/2, recall 1, F1 2/3; T does not occur.
        ConfusionMatrix matrix = ConfusionMatrix.of(LABELS, new int[] {0, 0, 1}, new int[] {0, 1, 1});
        assertThat(matrix.macroF1()).isCloseTo(2.0 / 3, within(1e-12));
    }

    @Test
    void aClassThatIsPredictedButNeverTrueCountsAsZero() {
        ConfusionMatrix matrix = ConfusionMatrix.of(LABELS, new int[] {0, 0}, new int[] {0, 2});
        assertThat(matrix.macroF1()).isCloseTo((2.0 / 3 + 0) / 2, within(1e-12));
    }

    @Test
    void classesThatDoNotCountAreLeftOutOfTheMean() {
        ConfusionMatrix matrix = ConfusionMatrix.of(LABELS, new int[] {0, 0, 1}, new int[] {0, 2, 1});
        assertThat(matrix.macroF1()).isCloseTo((2.0 / 3 + 1 + 0) / 3, within(1e-12));
        assertThat(matrix.macroF1(label -> label < 2)).isCloseTo((2.0 / 3 + 1) / 2, within(1e-12));
    }

    @Test
    void declinedCellsCountAsWrong() {
        ConfusionMatrix bold = ConfusionMatrix.of(LABELS, new int[] {0, 1}, new int[] {0, 1});
        ConfusionMatrix timid = ConfusionMatrix.of(LABELS, new int[] {0, 1}, new int[] {0, -1});
        assertThat(bold.macroF1()).isEqualTo(1);
        assertThat(timid.macroF1()).isEqualTo(0.5);
        assertThat(timid.accuracy()).isEqualTo(0.5);
    }

    @Test
    void matricesOfFoldsAddUp() {
        ConfusionMatrix one = ConfusionMatrix.of(LABELS, new int[] {0, 1}, new int[] {0, 2});
        ConfusionMatrix two = ConfusionMatrix.of(LABELS, new int[] {2, 1}, new int[] {2, -1});
        ConfusionMatrix both = ConfusionMatrix.of(LABELS, new int[] {0, 1, 2, 1}, new int[] {0, 2, 2, -1});
        assertThat(one.plus(two).counts()).isDeepEqualTo(both.counts());
        assertThat(one.plus(two).unassigned()).isEqualTo(both.unassigned());
    }

    @Test
    void pairsThatDoNotPairAreRefused() {
        assertThatThrownBy(() -> ConfusionMatrix.of(LABELS, new int[2], new int[3]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
