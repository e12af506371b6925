package org.celllm.tasks.response.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.response.NamedFeatures;
import org.junit.jupiter.api.Test;

class LineFeaturesTest {
    private static final NamedFeatures EXPRESSION = table("E", 20, 3, 1);
    private static final NamedFeatures MUTATION = table("M", 20, 2, 100);

    @Test
    void aTrainedLineHasTheLengthOfTheTablesWeights() {
        int[] trained = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        LineFeatures features = LineFeatures.of(List.of(EXPRESSION, MUTATION), trained, new double[] {1, 0.3});
        double[][] rows = features.rows(List.of(EXPRESSION, MUTATION));
        double squares = 0;
        for (int line : trained) {
            for (double value : rows[line]) {
                squares += value * value;
            }
        }
        assertThat(squares / trained.length).isCloseTo(1.3, within(1e-9));
        assertThat(features.size()).isEqualTo(5);
    }

    @Test
    void linesThatAreNotTrainedOnChangeNoScale() {
        float[][] other = EXPRESSION.values().clone();
        other[15] = new float[] {1e6f, -1e6f, 5};
        NamedFeatures changed = new NamedFeatures(EXPRESSION.names(), EXPRESSION.columns(), other);
        int[] trained = {0, 1, 2, 3, 4};
        LineFeatures before = LineFeatures.of(List.of(EXPRESSION), trained, new double[] {1});
        LineFeatures after = LineFeatures.of(List.of(changed), trained, new double[] {1});
        assertThat(after.rows(List.of(EXPRESSION))).isDeepEqualTo(before.rows(List.of(EXPRESSION)));
    }

    @Test
    void columnsAreFoundByNameAndAMissingOneIsAverage() {
        int[] trained = {0, 1, 2, 3, 4};
        LineFeatures features = LineFeatures.of(List.of(EXPRESSION), trained, new double[] {1});
        double[] whole = features.rows(List.of(EXPRESSION))[7];
        float[] values = EXPRESSION.values()[7];
        NamedFeatures turned =
                new NamedFeatures(List.of("x"), List.of("E2", "E0"), new float[][] {{values[2], values[0]}});
        assertThat(features.rows(List.of(turned))[0]).containsExactly(whole[0], 0, whole[2]);
    }

    @Test
    void aColumnThatDoesNotVaryCountsNothing() {
        NamedFeatures flat = new NamedFeatures(List.of("a", "b"), List.of("x", "y"), new float[][] {{3, 1}, {3, 2}});
        double[][] rows = LineFeatures.of(List.of(flat), new int[] {0, 1}, new double[] {1})
                .rows(List.of(flat));
        assertThat(rows[0]).containsExactly(0, -1);
        assertThat(rows[1]).containsExactly(0, 1);
    }

    private static NamedFeatures table(String prefix, int lines, int columns, double scale) {
        KeyedRandom random = KeyedRandom.of(3, prefix.hashCode());
        float[][] values = new float[lines][columns];
        for (float[] row : values) {
            for (int j = 0; j < columns; j++) {
                row[j] = (float) (scale * (random.nextGaussian() + j));
            }
        }
        return new NamedFeatures(names("L", lines), names(prefix, columns), values);
    }

    private static List<String> names(String prefix, int n) {
        return java.util.stream.IntStream.range(0, n).mapToObj(i -> prefix + i).toList();
    }
}
