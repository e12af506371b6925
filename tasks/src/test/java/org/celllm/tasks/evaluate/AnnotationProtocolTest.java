package org.celllm.tasks.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.ExpressionRows;
import org.celllm.data.features.SparseRows;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.simulate.Simulator;
import org.celllm.tasks.RandomRows;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.labels.CellLabels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnotationProtocolTest {
    private static final int CELLS = 300;

    @Test
    void aMethodThatKnowsTheTruthScoresOneAndTheMajorityLittle() {
        EvaluationData data = data(1);
        AnnotationEvaluation evaluation = AnnotationProtocol.folds(data.labels(), 3, 2)
                .run(data, List.of(oracle(), Methods.majority()), Progress.SILENT);
        assertThat(evaluation.of("oracle").macroF1().mean()).isCloseTo(1, within(1e-12));
        assertThat(evaluation.of("majority class").macroF1().mean()).isLessThan(0.3);
        assertThat(evaluation.of("majority class").difference().above0()).isTrue();
        assertThat(evaluation.of("oracle").confusion().cells()).isEqualTo(2 * CELLS);
        assertThat(evaluation
                        .toJson()
                        .path("methods")
                        .path(1)
                        .path("differenceFromFirst")
                        .path("n")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void aModelWhoseEmbeddingIsNoiseStaysNearTheLinearBaselines() {
        EvaluationData data = data(2);
        AnnotationEvaluation evaluation =
                AnnotationProtocol.folds(data.labels(), 3, 2).run(data, Methods.all(), Progress.SILENT);
        double model = evaluation.of("model").macroF1().mean();
        assertThat(model)
                .isGreaterThan(
                        evaluation.of("logistic regression, genes").macroF1().mean() - 0.03);
        assertThat(evaluation.of("model, embedding only").macroF1().mean())
                .as("and the row that tells what the embedding knows says: nothing")
                .isLessThan(0.4)
                .isLessThan(model - 0.2);
    }

    @Test
    void probesSayWhatTheEmbeddingKnowsAndNothingElse() {
        EvaluationData noise = data(6);
        float[][] told = new float[CELLS][noise.labels().classes()];
        for (int cell = 0; cell < CELLS; cell++) {
            told[cell][noise.labels().codes()[cell]] = 1;
        }
        EvaluationData knowing = EvaluationData.of(
                noise.cellNames(),
                noise.labels(),
                noise.head().genes(),
                new DenseRows(told, noise.labels().classes()),
                6);
        AnnotationProtocol protocol = AnnotationProtocol.folds(noise.labels(), 3, 1);
        AnnotationEvaluation blind = protocol.run(noise, Methods.probes(), Progress.SILENT);
        AnnotationEvaluation seeing = protocol.run(knowing, Methods.probes(), Progress.SILENT);
        for (String probe : List.of("logistic regression, embedding", "15 nearest neighbours, embedding")) {
            assertThat(blind.of(probe).macroF1().mean()).as(probe).isLessThan(0.3);
            assertThat(seeing.of(probe).macroF1().mean()).as(probe).isGreaterThan(0.9);
        }
        assertThat(seeing.of("logistic regression, 15 components").macroF1().mean())
                .isEqualTo(
                        blind.of("logistic regression, 15 components").macroF1().mean());
    }

    @Test
    void methodsAreScoredOnFewShotDrawsToo() {
        EvaluationData data = data(3);
        AnnotationEvaluation evaluation = AnnotationProtocol.fewShot(data.labels(), 1, 3, 0)
                .run(data, List.of(Methods.model(), Methods.logisticOnComponents(15)), Progress.SILENT);
        assertThat(evaluation.trials()).isEqualTo(3);
        assertThat(evaluation.of("model").macroF1().mean()).isGreaterThan(0.3);
    }

    @Test
    void copiesOfACellOnBothSidesAreFound() {
        EvaluationData data = data(4);
        int[] twice = IntStream.range(0, CELLS).map(i -> i == CELLS - 1 ? 0 : i).toArray();
        SparseRows genes = data.head().genes().select(twice);
        int[] codes = data.labels().codes().clone();
        codes[CELLS - 1] = codes[0];
        EvaluationData doubled = EvaluationData.of(
                data.cellNames(),
                new CellLabels(data.labels().names(), codes),
                genes,
                data.head().embedding(),
                0);
        List<Split> apart =
                List.of(new Split("apart", IntStream.range(0, CELLS - 1).toArray(), new int[] {CELLS - 1}));
        AnnotationProtocol protocol = new AnnotationProtocol("apart", List.of(new Trial("apart", 0, apart)));
        List<Method> methods = List.of(Methods.majority());
        assertThat(protocol.run(doubled, methods, Progress.SILENT).duplicates()).isEqualTo(1);
        assertThat(protocol.run(data, methods, Progress.SILENT).duplicates()).isZero();
    }

    @Test
    void splitsAreWrittenOutWithTheirChecksum(@TempDir Path folder) throws IOException {
        EvaluationData data = data(5);
        AnnotationProtocol protocol = AnnotationProtocol.folds(data.labels(), 2, 1);
        String checksum = SplitFile.write(folder.resolve("splits.tsv"), protocol, data.cellNames());
        List<String> lines = Files.readAllLines(folder.resolve("splits.tsv"));
        assertThat(lines).hasSize(1 + 2 * CELLS);
        assertThat(lines.get(0)).isEqualTo("trial\tsplit\tpart\trow\tcell");
        assertThat(lines.get(1)).startsWith("seed 0\tseed 0, fold 0\ttrain\t");
        assertThat(checksum).hasSize(64);
        assertThat(SplitFile.write(folder.resolve("again.tsv"), protocol, data.cellNames()))
                .isEqualTo(checksum);
    }

    private static EvaluationData data(long seed) {
        Simulator simulator = SimulatedCells.of(CELLS, seed);
        SparseRows genes = ExpressionRows.of(
                SimulatedCells.batch(simulator), simulator.genes().size());
        DenseRows noise = RandomRows.gaussian(KeyedRandom.of(seed), CELLS, 8);
        CellLabels labels = CellLabels.of(IntStream.range(0, CELLS)
                .mapToObj(cell -> simulator.types().get(simulator.truth(cell).type()))
                .toList());
        List<String> names = IntStream.range(0, CELLS).mapToObj(i -> "cell" + i).toList();
        return EvaluationData.of(names, labels, genes, noise, seed);
    }

    private static Method oracle() {
        return new Method() {
            @Override
            public String name() {
                return "oracle";
            }

            @Override
            public double[][] logProbabilities(EvaluationData data, Split split, long seed) {
                double[][] logs = new double[split.test().length][data.labels().classes()];
                for (int i = 0; i < logs.length; i++) {
                    logs[i][data.labels().codes()[split.test()[i]]] = 1;
                }
                return logs;
            }
        };
    }

    @Test
    void oneGroupAloneIsNoProtocol() {
        CellLabels labels = CellLabels.of(List.of("a", "b", "a", "b"));
        assertThatThrownBy(() -> AnnotationProtocol.groups(labels, List.of("x", "x", "x", "x"), "donor"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the column donor has no two groups");
    }
}
