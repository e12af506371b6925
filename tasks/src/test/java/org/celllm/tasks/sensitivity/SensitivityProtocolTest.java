package org.celllm.tasks.sensitivity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.ExpressionRows;
import org.celllm.data.features.SparseRows;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.celllm.tasks.RandomRows;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.annotate.FewLabelFitting;
import org.celllm.tasks.annotate.HeadFitting;
import org.celllm.tasks.annotate.HeadSettings;
import org.celllm.tasks.evaluate.AnnotationEvaluation;
import org.celllm.tasks.evaluate.AnnotationProtocol;
import org.celllm.tasks.evaluate.EvaluationData;
import org.celllm.tasks.evaluate.Method;
import org.celllm.tasks.evaluate.MethodScores;
import org.celllm.tasks.evaluate.Methods;
import org.celllm.tasks.evaluate.RankingScores;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.evaluate.Trial;
import org.celllm.tasks.labels.CellLabels;
import org.junit.jupiter.api.Test;

class SensitivityProtocolTest {
    private static final int CELLS = 160;

    @Test
    void aBudgetDrawsSoManyCellsOfEachClassAndTestsOnAllOthers() {
        CellLabels labels = data(1).labels();
        for (LabelBudget budget : List.of(LabelBudget.cells(3), LabelBudget.share(0.1))) {
            AnnotationProtocol protocol = budget.protocol(labels, 4, 9);
            assertThat(protocol.trials()).hasSize(4);
            Set<List<Integer>> drawn = new HashSet<>();
            for (Trial trial : protocol.trials()) {
                Split split = trial.splits().get(0);
                drawn.add(Arrays.stream(split.train()).boxed().toList());
                assertThat(split.train().length + split.test().length).isEqualTo(labels.labelled());
                int[] counts = new CellLabels(labels.names(), labels.codesOf(split.train())).counts();
                int[] all = labels.counts();
                for (int c = 0; c < 2; c++) {
                    assertThat(counts[c])
                            .isEqualTo(budget.perClass() != null ? 3 : (int) Math.round(all[c] - 0.9 * all[c]));
                }
            }
            assertThat(drawn).as("draws differ").hasSize(4);
            assertThat(budget.draw(labels, 9, 2).train())
                    .as("and can be repeated")
                    .isEqualTo(protocol.trials().get(2).splits().get(0).train());
        }
    }

    @Test
    void moreLabelsThanThereAreIsAnErrorThatCountsThem() {
        CellLabels labels = new CellLabels(SensitivityLabels.NAMES, new int[] {0, 0, 0, 1, 1});
        assertThat(LabelBudget.cells(1).draw(labels, 0, 0).test()).hasSize(3);
        assertThatThrownBy(() -> LabelBudget.cells(2).draw(labels, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only 2 are sensitive");
        for (double share : new double[] {0, 1, -1, Double.NaN}) {
            assertThatThrownBy(() -> LabelBudget.share(share)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new LabelBudget(1, 0.5)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Over eight data sets, seeds 1 to 8: chance has much to say with one label, and a third of the cells are of a type without one. */
    @Test
    void oneLabelAClassGoesFurtherWhenItIsSpread() {
        double model = 0;
        double components = 0;
        double area = 0;
        for (int seed = 1; seed <= 8; seed++) {
            EvaluationData data = data(seed);
            AnnotationEvaluation evaluation = LabelBudget.cells(1)
                    .protocol(data.labels(), 10, 1)
                    .run(data, SensitivityMethods.all(CELLS, true), Progress.SILENT);
            model += evaluation.of("model").macroF1().mean() / 8;
            components += evaluation
                            .of("logistic regression, 15 components")
                            .macroF1()
                            .mean()
                    / 8;
            area += auroc(evaluation.of("model")) / 8;
        }
        assertThat(model).isGreaterThan(components + 0.02);
        assertThat(area).as("spreading labels alone reaches .669").isGreaterThan(0.67);
    }

    @Test
    void everyDrawIsRankedAndPaired() {
        EvaluationData data = data(2);
        AnnotationEvaluation evaluation = LabelBudget.cells(1)
                .protocol(data.labels(), 5, 1)
                .run(data, SensitivityMethods.all(CELLS, true), Progress.SILENT);
        assertThat(auroc(evaluation.of("majority class"))).isEqualTo(0.5);
        assertThat(evaluation.scores().get(0).ranking()).isNotNull();
        assertThat(evaluation.toJson().at("/methods/0/auroc/n").asInt()).isEqualTo(5);
        assertThat(evaluation
                        .toJson()
                        .at("/methods/1/aurocDifferenceFromFirst/n")
                        .asInt())
                .isEqualTo(5);
    }

    @Test
    void labelsThatMeanNothingGiveHalfOfTheArea() {
        EvaluationData data = data(3);
        int[] order = KeyedRandom.of(5).permutation(CELLS);
        int[] shuffled =
                Arrays.stream(order).map(cell -> data.labels().codes()[cell]).toArray();
        EvaluationData nonsense = new EvaluationData(
                data.cellNames(),
                new CellLabels(SensitivityLabels.NAMES, shuffled),
                data.head(),
                data.encoded(),
                data.genes(),
                data.scaled(),
                data.components());
        AnnotationEvaluation evaluation = LabelBudget.share(0.5)
                .protocol(nonsense.labels(), 4, 1)
                .run(nonsense, SensitivityMethods.all(CELLS, true), Progress.SILENT);
        for (MethodScores method : evaluation.scores()) {
            assertThat(auroc(method)).as(method.method()).isBetween(0.35, 0.65);
        }
    }

    @Test
    void noMethodSeesALabelOfATestCell() {
        EvaluationData data = data(4);
        Split split = LabelBudget.cells(2).draw(data.labels(), 1, 0);
        int[] lies = data.labels().codes().clone();
        for (int cell : split.test()) {
            lies[cell] = 1 - lies[cell];
        }
        EvaluationData lying = new EvaluationData(
                data.cellNames(),
                new CellLabels(SensitivityLabels.NAMES, lies),
                data.head(),
                data.encoded(),
                data.genes(),
                data.scaled(),
                data.components());
        for (Method method : SensitivityMethods.all(CELLS, true)) {
            assertThat(method.logProbabilities(lying, split, 0))
                    .as(method.name())
                    .isDeepEqualTo(method.logProbabilities(data, split, 0));
        }
    }

    @Test
    void cellsThatMayNotBeLookedAtChangeNothing() {
        EvaluationData data = data(5);
        int visible = 100;
        int[] codes = data.labels().codes();
        int[] train = IntStream.range(0, visible)
                .filter(cell -> cell % 20 < 2 || (codes[cell] == 1 && cell < 30))
                .toArray();
        int[] one = {CELLS - 1};
        int[] many = IntStream.range(visible, CELLS).toArray();
        int[] others = IntStream.range(0, CELLS)
                .map(cell -> cell < visible || cell == CELLS - 1 ? cell : 0)
                .toArray();
        EvaluationData changed = new EvaluationData(
                data.cellNames(),
                new CellLabels(SensitivityLabels.NAMES, codes),
                data.head().select(others),
                data.encoded().select(others),
                data.genes().select(others),
                data.scaled().select(others),
                data.components().select(others));
        Method blind = SensitivityMethods.all(visible, true).get(0);
        double[] alone = blind.logProbabilities(changed, new Split("one", train, one), 0)[0];
        double[][] together = blind.logProbabilities(data, new Split("many", train, many), 0);
        assertThat(alone).isEqualTo(together[many.length - 1]);
        Method seeing = SensitivityMethods.all(CELLS, true).get(0);
        assertThat(seeing.logProbabilities(changed, new Split("one", train, one), 0)[0])
                .as("a graph over all cells does change with them")
                .isNotEqualTo(seeing.logProbabilities(data, new Split("one", train, one), 0)[0]);
    }

    @Test
    void withEnoughLabelsTheHeadIsTheAnnotatorsOwn() {
        EvaluationData data = data(6);
        int[] codes = data.labels().codes().clone();
        codes[0] = -1;
        int[] labelled = IntStream.range(1, CELLS).toArray();
        HeadFitting.Result few = FewLabelFitting.fit(data.head(), codes, 2, HeadSettings.usual(0));
        HeadFitting.Result usual =
                HeadFitting.fit(data.head().select(labelled), Split.codes(codes, labelled), 2, HeadSettings.usual(0));
        assertThat(few.head().logProbabilities(data.head()))
                .isDeepEqualTo(usual.head().logProbabilities(data.head()));
    }

    @Test
    void whereTheEncoderDoesNotKnowTheValuesItIsNotAsked() {
        EvaluationData data = data(8);
        Split split = new Split(
                "few",
                IntStream.range(0, 12).toArray(),
                IntStream.range(12, CELLS).toArray());
        List<Method> methods = SensitivityMethods.all(CELLS, false);
        double[][] without = methods.get(1).logProbabilities(data, split, 0);
        assertThat(methods.get(0).logProbabilities(data, split, 0)).isDeepEqualTo(without);
        double[][] with = SensitivityMethods.all(CELLS, true).get(0).logProbabilities(data, split, 0);
        assertThat(Arrays.deepEquals(with, without)).isFalse();
    }

    @Test
    void aGroupOfOneClassHasNothingToRank() {
        EvaluationData data = data(7);
        int[] codes = data.labels().codes();
        List<String> groups = IntStream.range(0, CELLS)
                .mapToObj(cell -> codes[cell] == 1 ? "s" : cell % 2 == 0 ? "r1" : "r2")
                .toList();
        AnnotationEvaluation evaluation = AnnotationProtocol.groups(data.labels(), List.copyOf(groups), "line")
                .run(data, List.of(Methods.majority()), Progress.SILENT);
        MethodScores majority = evaluation.scores().get(0);
        RankingScores ranking = majority.ranking();
        assertThat(ranking).isNotNull();
        assertThat(ranking.auroc()).isNull();
        assertThat(majority.accuracyByTrial()[2])
                .as("without the one sensitive group nothing sensitive was learned from")
                .isZero();
        assertThat(evaluation.toJson().at("/methods/0/aurocByTrial/0").isNull()).isTrue();
    }

    private static double auroc(MethodScores method) {
        RankingScores ranking = method.ranking();
        assertThat(ranking).isNotNull();
        return Arrays.stream(ranking.aurocByTrial()).average().orElse(Double.NaN);
    }

    /** Cells of three types, far apart, of which one is sensitive; the embedding is noise. */
    private static EvaluationData data(long seed) {
        Simulator simulator = new Simulator(
                SimulationSettings.of(CELLS, seed).withGenes(300).withTypes(3).withDistance(3));
        SparseRows genes = ExpressionRows.of(
                SimulatedCells.batch(simulator), simulator.genes().size());
        DenseRows noise = RandomRows.gaussian(KeyedRandom.of(seed), CELLS, 8);
        int[] codes = IntStream.range(0, CELLS)
                .map(cell -> simulator.truth(cell).type() == 0 ? 1 : 0)
                .toArray();
        List<String> names = IntStream.range(0, CELLS).mapToObj(i -> "cell" + i).toList();
        return EvaluationData.of(names, new CellLabels(SensitivityLabels.NAMES, codes), genes, noise, seed);
    }
}
