package org.celllm.tasks.baselines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.celllm.data.features.DenseRows;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class LabelSpreadingTest {
    private static final int CELLS = 200;

    @Test
    void labelsFollowTheCellsNotTheDistance() {
        DenseRows rows = twoArcs(KeyedRandom.of(1));
        int[] codes = new int[CELLS];
        Arrays.fill(codes, -1);
        // One label at an end of each arc: the far end of the own arc is farther than the other arc.
        codes[0] = 0;
        codes[CELLS - 1] = 1;
        int[] spread = Classifier.likeliest(spread(rows, codes, 2));
        int[] nearest =
                new NearestNeighbours(rows.select(new int[] {0, CELLS - 1}), new int[] {0, 1}, 2, 1).predict(rows);
        assertThat(right(spread)).isEqualTo(CELLS);
        assertThat(right(nearest)).as("the distance alone does not").isLessThan(CELLS * 9 / 10);
    }

    @Test
    void theOrderOfCellsMakesNoDifference() {
        DenseRows rows = twoArcs(KeyedRandom.of(2));
        int[] codes = new int[CELLS];
        Arrays.fill(codes, -1);
        codes[3] = 0;
        codes[150] = 1;
        int[] order = KeyedRandom.of(3).permutation(CELLS);
        int[] moved = Arrays.stream(order).map(i -> codes[i]).toArray();
        double[][] first = spread(rows, codes, 2);
        double[][] second = spread(rows.select(order), moved, 2);
        for (int i = 0; i < CELLS; i++) {
            assertThat(second[i][0]).isCloseTo(first[order[i]][0], within(1e-6));
        }
    }

    @Test
    void whereNoLabelReachesAllClassesAreEqual() {
        float[][] rows = new float[40][1];
        for (int i = 0; i < 40; i++) {
            rows[i][0] = i < 20 ? i : 10_000 + i;
        }
        int[] codes = new int[40];
        Arrays.fill(codes, -1);
        codes[2] = 0;
        codes[15] = 1;
        double[][] chances = spread(DenseRows.of(rows), codes, 2);
        assertThat(chances[1][0]).isGreaterThan(0.5);
        assertThat(chances[18][1]).isGreaterThan(0.5);
        assertThat(chances[30]).containsExactly(0.5, 0.5);
    }

    @Test
    void cellsThatAreTheSameAndVeryFewCellsAreNoFault() {
        double[][] same = spread(DenseRows.of(new float[20][3]), labelled(20), 2);
        double[][] two = spread(DenseRows.of(new float[][] {{0}, {1}}), labelled(2), 2);
        for (double[][] chances : new double[][][] {same, two}) {
            for (double[] cell : chances) {
                assertThat(cell[0] + cell[1]).isCloseTo(1, within(1e-9));
            }
        }
    }

    @Test
    void theMeanOfAGraphWithItselfIsThatGraph() {
        DenseRows rows = twoArcs(KeyedRandom.of(4));
        double[][] one = spread(CellGraph.of(rows), labelled(CELLS), 2);
        double[][] twice = spread(CellGraph.mean(List.of(CellGraph.of(rows), CellGraph.of(rows))), labelled(CELLS), 2);
        for (int i = 0; i < CELLS; i++) {
            assertThat(twice[i]).containsExactly(one[i], within(1e-9));
        }
    }

    @Test
    void twoNoisyViewsOfTheCellsTellMoreThanEitherAlone() {
        int both = 0;
        int first = 0;
        int second = 0;
        for (int seed = 0; seed < 10; seed++) {
            CellGraph one = CellGraph.of(twoArcs(KeyedRandom.of(seed, 1), 0.3));
            CellGraph other = CellGraph.of(twoArcs(KeyedRandom.of(seed, 2), 0.3));
            int[] codes = new int[CELLS];
            Arrays.fill(codes, -1);
            for (int i = 0; i < 5; i++) {
                codes[i * CELLS / 10] = 0;
                codes[CELLS / 2 + i * CELLS / 10] = 1;
            }
            first += right(Classifier.likeliest(spread(one, codes, 2)));
            second += right(Classifier.likeliest(spread(other, codes, 2)));
            both += right(Classifier.likeliest(spread(CellGraph.mean(List.of(one, other)), codes, 2)));
        }
        assertThat(both).isGreaterThan(Math.max(first, second) + 50);
    }

    private static double[][] spread(DenseRows rows, int[] codes, int classes) {
        return spread(CellGraph.of(rows), codes, classes);
    }

    private static double[][] spread(CellGraph graph, int[] codes, int classes) {
        double[][] beliefs = new double[codes.length][classes];
        for (int i = 0; i < codes.length; i++) {
            if (codes[i] >= 0) {
                beliefs[i][codes[i]] = 1;
            }
        }
        return LabelSpreading.spread(graph, beliefs);
    }

    private static int[] labelled(int cells) {
        int[] codes = new int[cells];
        Arrays.fill(codes, -1);
        codes[0] = 0;
        codes[1] = 1;
        return codes;
    }

    private static int right(int[] codes) {
        int right = 0;
        for (int i = 0; i < CELLS; i++) {
            right += codes[i] == (i < CELLS / 2 ? 0 : 1) ? 1 : 0;
        }
        return right;
    }

    /** Two half circles, each reaching into the other. */
    private static DenseRows twoArcs(KeyedRandom random) {
        return twoArcs(random, 0.02);
    }

    private static DenseRows twoArcs(KeyedRandom random, double noise) {
        float[][] rows = new float[CELLS][2];
        for (int i = 0; i < CELLS; i++) {
            boolean upper = i < CELLS / 2;
            double angle = Math.PI * (i % (CELLS / 2)) / (CELLS / 2 - 1);
            rows[i][0] = (float) ((upper ? Math.cos(angle) : 1 - Math.cos(angle)) + noise * random.nextGaussian());
            rows[i][1] = (float) ((upper ? Math.sin(angle) : 0.4 - Math.sin(angle)) + noise * random.nextGaussian());
        }
        return DenseRows.of(rows);
    }
}
