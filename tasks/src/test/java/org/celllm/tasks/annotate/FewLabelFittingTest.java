package org.celllm.tasks.annotate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.SparseRows;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.RandomRows;
import org.celllm.tasks.baselines.Classifier;
import org.junit.jupiter.api.Test;

class FewLabelFittingTest {
    private static final int CELLS = 300;
    private static final int CLASSES = 3;

    private final int[] truth = IntStream.range(0, CELLS).map(i -> i % CLASSES).toArray();

    @Test
    void cellsWithoutALabelHelp() {
        int seeds = 5;
        double few = 0;
        double alone = 0;
        for (int seed = 0; seed < seeds; seed++) {
            HeadFeatures features = bananas(seed, 0);
            int[] labelled = labelled(seed, 2);
            few += right(FewLabelFitting.fit(features, truth, labelled, CLASSES, HeadSettings.usual(seed)), features);
            HeadFitting.Result plain = HeadFitting.fit(
                    features.select(labelled), select(truth, labelled), CLASSES, HeadSettings.usual(seed));
            alone += right(plain, features);
        }
        assertThat(few / seeds).isGreaterThan(0.78).isGreaterThan(alone / seeds + 0.05);
    }

    @Test
    void componentsOfOtherGenesJoinCellsAsWell() {
        int seeds = 5;
        double both = 0;
        double one = 0;
        double shuffled = 0;
        for (int seed = 0; seed < seeds; seed++) {
            HeadFeatures features = bananas(seed, 0, 1.4);
            DenseRows other = bananas(seed, 1, 1.4).components();
            int[] labelled = labelled(seed, 5);
            HeadSettings settings = HeadSettings.usual(seed);
            one += right(FewLabelFitting.fit(features, truth, labelled, CLASSES, settings), features);
            both += right(FewLabelFitting.fit(features.withUsual(other), truth, labelled, CLASSES, settings), features);
            DenseRows strangers = other.select(KeyedRandom.of(seed, 9).permutation(CELLS));
            shuffled += right(
                    FewLabelFitting.fit(features.withUsual(strangers), truth, labelled, CLASSES, settings), features);
        }
        assertThat(both / seeds).isGreaterThan(one / seeds + 0.01).isGreaterThan(shuffled / seeds + 0.01);
    }

    @Test
    void theRuleHoldsForCellsThatWereNotThere() {
        HeadFeatures features = bananas(1, 0);
        HeadFitting.Result fitted =
                FewLabelFitting.fit(features, truth, labelled(1, 2), CLASSES, HeadSettings.usual(1));
        assertThat(right(fitted, bananas(1, 1))).isGreaterThan(0.95);
    }

    @Test
    void whereTheGraphMisleadsTheLabelsSayHowLittleItCounts() {
        // Genes tell the classes, components and embedding are noise.
        HeadFeatures misleading = noise(5);
        int[] labelled = labelled(5, 8);
        HeadFitting.Result fitted = FewLabelFitting.fit(misleading, truth, labelled, CLASSES, HeadSettings.usual(5));
        HeadFitting.Result plain =
                HeadFitting.fit(misleading.select(labelled), select(truth, labelled), CLASSES, HeadSettings.usual(5));
        assertThat(right(fitted, misleading)).isGreaterThan(0.9).isGreaterThan(right(plain, misleading) - 0.05);
    }

    @Test
    void labelsOfOtherCellsAreNotRead() {
        HeadFeatures features = bananas(2, 0);
        int[] labelled = labelled(2, 3);
        int[] others = new int[CELLS];
        IntStream.of(labelled).forEach(i -> others[i] = truth[i]);
        HeadSettings settings = HeadSettings.usual(2);
        assertThat(FewLabelFitting.fit(features, truth, labelled, CLASSES, settings)
                        .head()
                        .logProbabilities(features))
                .isDeepEqualTo(FewLabelFitting.fit(features, others, labelled, CLASSES, settings)
                        .head()
                        .logProbabilities(features));
    }

    @Test
    void labelsThatMeanNothingLeadNowhere() {
        HeadFeatures features = bananas(3, 0);
        int[] shuffled = Arrays.stream(KeyedRandom.of(3).permutation(CELLS))
                .map(i -> truth[i])
                .toArray();
        HeadFitting.Result fitted =
                FewLabelFitting.fit(features, shuffled, labelled(3, 4), CLASSES, HeadSettings.usual(3));
        int[] called = Classifier.likeliest(fitted.head().logProbabilities(features));
        double same =
                IntStream.range(0, CELLS).filter(i -> called[i] == shuffled[i]).count() / (double) CELLS;
        assertThat(same).isLessThan(0.5);
    }

    @Test
    void withEnoughLabelsOrWithoutComponentsTheLabelledCellsAloneCount() {
        HeadFeatures features = bananas(4, 0);
        for (HeadSettings settings :
                new HeadSettings[] {HeadSettings.usual(0), HeadSettings.usual(0).withMembers(HeadMember.EMBEDDING)}) {
            int[] labelled = labelled(4, settings.members().size() > 1 ? FewLabelFitting.ENOUGH : 2);
            HeadFitting.Result plain =
                    HeadFitting.fit(features.select(labelled), select(truth, labelled), CLASSES, settings);
            assertThat(FewLabelFitting.fit(features, truth, labelled, CLASSES, settings)
                            .head()
                            .logProbabilities(features))
                    .isDeepEqualTo(plain.head().logProbabilities(features));
        }
    }

    @Test
    void aSingleLabelOfOneClassDoesNotSilenceTheOthers() {
        HeadFeatures misleading = noise(6);
        int[] all = labelled(6, 12);
        int first = Arrays.stream(all).filter(i -> truth[i] == 0).findFirst().orElseThrow();
        int[] labelled =
                Arrays.stream(all).filter(i -> truth[i] != 0 || i == first).toArray();
        HeadFitting.Result fitted = FewLabelFitting.fit(misleading, truth, labelled, CLASSES, HeadSettings.usual(6));
        int[] called = Classifier.likeliest(fitted.head().logProbabilities(misleading));
        long right = IntStream.range(0, CELLS)
                .filter(i -> truth[i] > 0 && called[i] == truth[i])
                .count();
        assertThat(right / (CELLS * 2 / 3.0))
                .as("genes tell them, the graph does not")
                .isGreaterThan(0.85);
    }

    @Test
    void classesWithoutALabelAreNotNamed() {
        HeadFeatures features = bananas(7, 0);
        int[] labelled =
                Arrays.stream(labelled(7, 3)).filter(i -> truth[i] != 2).toArray();
        HeadFitting.Result fitted = FewLabelFitting.fit(features, truth, labelled, CLASSES, HeadSettings.usual(7));
        for (int called : Classifier.likeliest(fitted.head().logProbabilities(features))) {
            assertThat(called).isNotEqualTo(2);
        }
    }

    /**
     * Every class is two groups of cells, far from each other in one direction; one cell of one group has a label, so that no edge of
     * the graph leads from a label to the other group.
     */
    @Test
    void groupsWithoutALabelGoByTheirDirectionWhereEveryClassHasASingleLabel() {
        for (int seed = 0; seed < 4; seed++) {
            HeadFeatures features = nearAndFar(seed);
            // The first class by a cell far out, the others by near ones: halfway between them is beyond the first's
            // near cells.
            int[] given = {CLASSES, 1, 2};
            HeadFitting.Result fitted = FewLabelFitting.fit(features, truth, given, CLASSES, HeadSettings.usual(seed));
            assertThat(right(fitted, features)).as("seed %d", seed).isGreaterThan(0.97);
            int[] turned =
                    Arrays.stream(truth).map(type -> (type + 1) % CLASSES).toArray();
            HeadFitting.Result wrong = FewLabelFitting.fit(features, turned, given, CLASSES, HeadSettings.usual(seed));
            assertThat(right(wrong, features))
                    .as("labels turned, seed %d", seed)
                    .isLessThan(0.03);
        }
    }

    /** A file of few cells, of which most have a label: there is nobody left to learn from. */
    @Test
    void nothingIsSpreadWhereMostCellsHaveALabel() {
        HeadFeatures features = bananas(8, 0);
        int[] cells = IntStream.range(0, 30).toArray();
        for (int labelled : new int[] {15, 18}) {
            int[] codes = Arrays.copyOf(truth, cells.length);
            Arrays.fill(codes, labelled, cells.length, -1);
            HeadFitting.Result fitted =
                    FewLabelFitting.fit(features.select(cells), codes, CLASSES, HeadSettings.usual(8));
            assertThat(fitted.choices().stream()
                            .anyMatch(choice -> choice.member().isSpread()))
                    .as("%d of 30 labelled", labelled)
                    .isEqualTo(labelled == 15);
        }
    }

    @Test
    void fewLabelsDoNotReadFiftyComponents() {
        HeadFeatures features = bananas(9, 0);
        for (int perClass : new int[] {1, 2, 8, FewLabelFitting.ENOUGH, 30}) {
            HeadFitting.Result fitted =
                    FewLabelFitting.fit(features, truth, labelled(9, perClass), CLASSES, HeadSettings.usual(9));
            assertThat(fitted.choices().stream().anyMatch(choice -> choice.member() == HeadMember.MORE_COMPONENTS))
                    .as("%d a class", perClass)
                    .isEqualTo(perClass >= FewLabelFitting.ENOUGH);
        }
    }

    @Test
    void theMedianClassSaysWhetherLabelsAreFew() {
        int[] codes = new int[100];
        Arrays.fill(codes, -1);
        Arrays.fill(codes, 0, 30, 0);
        Arrays.fill(codes, 30, 60, 1);
        Arrays.fill(codes, 60, 63, 2);
        assertThat(FewLabelFitting.isFew(codes, 4))
                .as("one rare class among three")
                .isFalse();
        Arrays.fill(codes, 30, 60, -1);
        assertThat(FewLabelFitting.isFew(codes, 4)).as("one of two").isTrue();
    }

    private static int[] select(int[] values, int[] places) {
        return Arrays.stream(places).map(i -> values[i]).toArray();
    }

    private int[] labelled(long seed, int perClass) {
        int[] left = new int[CLASSES];
        Arrays.fill(left, perClass);
        return Arrays.stream(KeyedRandom.of(seed, 7).permutation(CELLS))
                .filter(i -> left[truth[i]]-- > 0)
                .sorted()
                .toArray();
    }

    private double right(HeadFitting.Result fitted, HeadFeatures features) {
        int[] called = Classifier.likeliest(fitted.head().logProbabilities(features));
        return IntStream.range(0, CELLS).filter(i -> called[i] == truth[i]).count() / (double) CELLS;
    }

    /** Each class in a direction of its own, one half of its cells near and one far out; the embedding is noise. */
    private HeadFeatures nearAndFar(long seed) {
        HeadFeatures noise = bananas(seed, 0);
        KeyedRandom random = KeyedRandom.of(seed, 3);
        float[][] components = new float[CELLS][15];
        for (int i = 0; i < CELLS; i++) {
            for (int j = 0; j < 15; j++) {
                components[i][j] = (float) (0.4 * random.nextGaussian());
            }
            components[i][truth[i]] += i / CLASSES % 2 == 0 ? 4 : 14;
        }
        float[][] centred = components.clone();
        for (int j = 0; j < CLASSES; j++) {
            for (float[] row : centred) {
                row[j] -= 3;
            }
        }
        return new HeadFeatures(noise.embedding(), noise.genes(), DenseRows.of(centred));
    }

    /** Genes of which one marks each class; nothing else means anything. */
    private HeadFeatures noise(long seed) {
        HeadFeatures clouds = bananas(seed, 0);
        KeyedRandom random = KeyedRandom.of(seed, 2);
        float[][] components = new float[CELLS][15];
        int[] offsets = new int[CELLS + 1];
        int[] indices = new int[2 * CELLS];
        float[] values = new float[2 * CELLS];
        for (int i = 0; i < CELLS; i++) {
            for (int j = 0; j < 15; j++) {
                components[i][j] = (float) random.nextGaussian();
            }
            offsets[i + 1] = 2 * i + 2;
            indices[2 * i] = truth[i];
            indices[2 * i + 1] = 3 + random.nextInt(5);
            values[2 * i] = 2;
            values[2 * i + 1] = 2;
        }
        return new HeadFeatures(
                clouds.embedding(), new SparseRows(8, offsets, indices, values), DenseRows.of(components));
    }

    /** Three long clouds side by side in 15 dimensions, in which a few cells do not show the direction of the clouds. */
    private HeadFeatures bananas(long seed, int part) {
        return bananas(seed, part, 0.5);
    }

    private HeadFeatures bananas(long seed, int part, double width) {
        KeyedRandom random = KeyedRandom.of(seed, part);
        float[][] components = new float[CELLS][15];
        float[][] embedding = new float[CELLS][4];
        for (int i = 0; i < CELLS; i++) {
            components[i][0] = (float) (6 * random.nextGaussian());
            components[i][1] = (float) (5 * (truth[i] - 1) + width * random.nextGaussian());
            for (int j = 2; j < 15; j++) {
                components[i][j] = (float) (0.3 * random.nextGaussian());
            }
            for (int j = 0; j < 4; j++) {
                embedding[i][j] = (float) random.nextGaussian();
            }
        }
        SparseRows genes = RandomRows.sparse(random, CELLS, 20, 0.3);
        return new HeadFeatures(DenseRows.of(embedding), genes, DenseRows.of(components));
    }
}
