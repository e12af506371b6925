package org.celllm.tasks.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class SplitsTest {
    @Test
    void foldsTestEveryLabelledCellOnceAndSpreadEveryClass() {
        for (long seed = 0; seed < 20; seed++) {
            KeyedRandom random = KeyedRandom.of(seed);
            int classes = 2 + random.nextInt(5);
            int[] codes = random.ints(60 + random.nextInt(200), -1, classes).toArray();
            int folds = 2 + random.nextInt(4);
            int[] tested = new int[codes.length];
            int[][] perFold = new int[classes][folds];
            List<Split> splits = Splits.folds(codes, classes, folds, seed);
            for (int fold = 0; fold < folds; fold++) {
                for (int cell : splits.get(fold).test()) {
                    tested[cell]++;
                    perFold[codes[cell]][fold]++;
                }
            }
            for (int cell = 0; cell < codes.length; cell++) {
                assertThat(tested[cell]).as("seed %d", seed).isEqualTo(codes[cell] < 0 ? 0 : 1);
            }
            for (int[] counts : perFold) {
                int most = Arrays.stream(counts).max().getAsInt();
                int least = Arrays.stream(counts).min().getAsInt();
                assertThat(most - least).as("seed %d", seed).isLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameSplitAndAnotherSeedAnother() {
        int[] codes = KeyedRandom.of(1).ints(100, 0, 3).toArray();
        assertThat(Splits.holdOut(codes, 3, 0.2, 4).test())
                .isEqualTo(Splits.holdOut(codes, 3, 0.2, 4).test());
        assertThat(Splits.holdOut(codes, 3, 0.2, 4).test())
                .isNotEqualTo(Splits.holdOut(codes, 3, 0.2, 5).test());
    }

    @Test
    void aHeldOutShareIsStratified() {
        int[] codes = new int[110];
        Arrays.fill(codes, 0, 100, 1);
        Split split = Splits.holdOut(codes, 2, 0.2, 0);
        assertThat(Arrays.stream(split.test()).filter(cell -> codes[cell] == 1)).hasSize(20);
        assertThat(Arrays.stream(split.test()).filter(cell -> codes[cell] == 0)).hasSize(2);
        assertThat(split.train()).hasSize(88);
    }

    @Test
    void fewShotTrainsOnSoManyOfEachAndTestsOnAllOthers() {
        int[] codes = {0, 0, 0, 0, 1, 1, 2, 2, 2, -1};
        Split split = Splits.fewShot(codes, 3, 2, 0, 0);
        assertThat(Arrays.stream(split.train()).map(cell -> codes[cell]).sorted())
                .as("one of the class of two, since a class without test cells cannot be scored")
                .containsExactly(0, 0, 1, 2, 2);
        assertThat(split.test()).hasSize(4);
        assertThat(Splits.fewShot(codes, 3, 2, 0, 1).train()).isNotEqualTo(split.train());
    }

    @Test
    void groupsAreLeftOutOneAtATime() {
        int[] codes = {0, 1, 0, 1, 0, -1};
        List<Split> splits = Splits.leaveOneGroupOut(codes, Arrays.asList("b", "b", "a", "a", null, "a"));
        assertThat(splits).extracting(Split::name).containsExactly("without a", "without b");
        assertThat(splits.get(0).test()).containsExactly(2, 3);
        assertThat(splits.get(0).train()).containsExactly(0, 1, 4);
    }

    @Test
    void aCellOnBothSidesIsRefused() {
        assertThatThrownBy(() -> new Split("bad", new int[] {1, 2}, new int[] {2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("both sides");
    }
}
