package org.celllm.tasks.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.ExpressionRows;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.simulate.Simulator;
import org.celllm.tasks.RandomRows;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.labels.CellLabels;
import org.junit.jupiter.api.Test;

class NovelTypesTest {
    private static final int CELLS = 160;

    @Test
    void theTypeLeftOutIsNeverTrainedOnAndAllOfItIsTested() {
        CellLabels labels = data().labels();
        AnnotationProtocol protocol = NovelTypes.of(labels, 0.2, 2).protocol();
        assertThat(protocol.trials()).hasSize(2);
        for (Trial trial : protocol.trials()) {
            for (int type = 0; type < 4; type++) {
                Split split = trial.splits().get(type);
                int left = type;
                assertThat(Arrays.stream(labels.codesOf(split.train()))).doesNotContain(left);
                assertThat(Arrays.stream(labels.codesOf(split.test()))
                                .filter(code -> code == left)
                                .count())
                        .isEqualTo(labels.counts()[type]);
                assertThat(Arrays.stream(labels.codesOf(split.test())).distinct())
                        .hasSize(4);
            }
        }
        assertThatThrownBy(() -> NovelTypes.of(new CellLabels(List.of("a", "b"), new int[] {0, 1}), 0.2, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMethodThatDoubtsTheNovelIsPerfectOneThatDoubtsTheKnownIsWrongAndOneWithoutDoubtKnowsNothing() {
        EvaluationData data = data();
        List<Method> methods =
                List.of(doubting("novel", 0.4, 0.8), doubting("known", 0.8, 0.4), doubting("none", 1, 1));
        NovelTypeEvaluation evaluation = NovelTypes.of(data.labels(), 0.2, 2).run(data, methods, Progress.SILENT);
        List<NovelTypeScores> scores = evaluation.scores();
        assertThat(scores.get(0).area().mean()).isEqualTo(1);
        assertThat(scores.get(1).area().mean()).isZero();
        assertThat(scores.get(2).area().mean()).isEqualTo(0.5);
        assertThat(scores.get(1).difference().mean()).isEqualTo(1);
        assertThat(scores.get(0).curve()[0]).isCloseTo(1, within(1e-12));
        assertThat(scores.get(2).curve()[40]).isCloseTo(0.4, within(1e-12));
        NovelTypeScores.Threshold half = scores.get(0).thresholds().get(2);
        assertThat(half.probability()).isEqualTo(0.5);
        assertThat(half.novel()).isCloseTo(1, within(1e-12));
        assertThat(half.known()).isZero();
        assertThat(evaluation.toJson().at("/novelTypes/0/curve").size()).isEqualTo(101);
        assertThat(evaluation.toJson().at("/novelTypes/0/areaByType").size()).isEqualTo(4);
    }

    @Test
    void theAreaOfASeedIsTheMeanOverTheTypesAndAConstantMethodIsAtOneHalf() {
        EvaluationData data = data();
        NovelTypeEvaluation evaluation = NovelTypes.of(data.labels(), 0.2, 1)
                .run(data, List.of(Methods.logisticOnGenes(), Methods.majority()), Progress.SILENT);
        NovelTypeScores genes = evaluation.scores().get(0);
        double mean = genes.areaByType().stream()
                .mapToDouble(area -> area.mean())
                .average()
                .orElseThrow();
        assertThat(genes.area().mean()).isCloseTo(mean, within(1e-12)).isNotEqualTo(0.5);
        assertThat(evaluation.scores().get(1).area().mean()).isEqualTo(0.5);
        assertThat(genes.thresholds().get(0).novel())
                .isLessThanOrEqualTo(genes.thresholds().get(8).novel());
    }

    /** Knows every label, and is as sure as told of novel and of known cells. */
    private static Method doubting(String name, double novel, double known) {
        return new Method() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double[][] logProbabilities(EvaluationData data, Split split, long seed) {
                int[] trained = data.labels().codesOf(split.train());
                IntToDoubleFunction sure =
                        code -> Arrays.stream(trained).anyMatch(other -> other == code) ? known : novel;
                double[][] logs = new double[split.test().length][4];
                for (int i = 0; i < logs.length; i++) {
                    int code = data.labels().codes()[split.test()[i]];
                    Arrays.fill(logs[i], Math.log((1 - sure.applyAsDouble(code)) / 3));
                    logs[i][code] = Math.log(sure.applyAsDouble(code));
                }
                return logs;
            }
        };
    }

    private static EvaluationData data() {
        Simulator simulator = SimulatedCells.of(CELLS, 3);
        DenseRows noise = RandomRows.gaussian(KeyedRandom.of(3), CELLS, 8);
        return EvaluationData.of(
                IntStream.range(0, CELLS).mapToObj(i -> "cell" + i).toList(),
                CellLabels.of(IntStream.range(0, CELLS)
                        .mapToObj(cell ->
                                simulator.types().get(simulator.truth(cell).type()))
                        .toList()),
                ExpressionRows.of(
                        SimulatedCells.batch(simulator), simulator.genes().size()),
                noise,
                3);
    }
}
