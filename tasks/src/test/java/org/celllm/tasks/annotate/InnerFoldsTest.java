package org.celllm.tasks.annotate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.evaluate.Splits;
import org.junit.jupiter.api.Test;

class InnerFoldsTest {
    private static final long SEED = Long.getLong("celllm.seed", 2306);

    @Test
    void cellsOfRareClassesAreLearnedFromInEveryFoldAndHeldOutOfNone() {
        for (int trial = 0; trial < 20; trial++) {
            KeyedRandom random = KeyedRandom.of(SEED, trial);
            int[] codes = IntStream.range(0, 80)
                    .map(i -> i < 1 ? 3 : i < 3 ? 2 : i < 6 ? 1 : 0)
                    .toArray();
            int[] order = random.permutation(codes.length);
            int[] shuffled = IntStream.of(order).map(i -> codes[i]).toArray();
            InnerFolds folds = InnerFolds.of(shuffled, 4, 3, SEED + trial);

            assertThat(folds.splits()).hasSize(3);
            assertThat(folds.tested()).hasSize(77);
            assertThat(IntStream.of(folds.tested()).allMatch(i -> shuffled[i] < 2))
                    .isTrue();
            int[] times = new int[codes.length];
            for (int fold = 0; fold < 3; fold++) {
                Split split = folds.splits().get(fold);
                assertThat(split.train()).isSorted().doesNotContain(split.test());
                assertThat(split.train().length + split.test().length).isEqualTo(codes.length);
                for (int i = 0; i < split.test().length; i++) {
                    times[split.test()[i]]++;
                    assertThat(folds.tested()[folds.places().get(fold)[i]]).isEqualTo(split.test()[i]);
                }
            }
            for (int i = 0; i < times.length; i++) {
                assertThat(times[i]).as("seed %s, cell %s", SEED + trial, i).isEqualTo(shuffled[i] < 2 ? 1 : 0);
            }
        }
    }

    @Test
    void withoutRareClassesTheyAreTheUsualFolds() {
        int[] codes = IntStream.range(0, 60).map(i -> i % 3).toArray();
        InnerFolds folds = InnerFolds.of(codes, 3, 3, SEED);
        assertThat(folds.tested()).containsExactly(IntStream.range(0, 60).toArray());
        assertThat(folds.splits().stream().map(split -> Arrays.toString(split.test())))
                .containsExactlyElementsOf(Splits.folds(codes, 3, 3, SEED).stream()
                        .map(split -> Arrays.toString(split.test()))
                        .toList());
    }
}
