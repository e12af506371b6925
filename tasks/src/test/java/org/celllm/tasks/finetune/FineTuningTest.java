package org.celllm.tasks.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.progress.Progress;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Workers;
import org.celllm.network.weights.ModelFolder;
import org.celllm.network.weights.PublishedClassifier;
import org.celllm.network.weights.StoredModel;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.baselines.ClassWeights;
import org.celllm.tasks.baselines.Classifier;
import org.celllm.tasks.embed.CellTokens;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.evaluate.Splits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuningTest {
    private static final FineTuneSettings SETTINGS = new FineTuneSettings(
            TrainedLayers.LAST,
            15,
            8,
            5e-4,
            0,
            0.1,
            0.1,
            4,
            new PublishedClassifier.Widths(128, 64),
            ClassWeights.PUBLISHED,
            7);

    @TempDir
    static Path folder;

    private static Path model;
    private static LabelledSequences cells;
    /** For what the number of cells has no part in. */
    private static LabelledSequences few;

    private static Workers workers;

    @BeforeAll
    static void simulate() throws IOException {
        workers = new Workers(2);
        var simulator = SimulatedCells.of(500, 1);
        model = SimulatedCells.model(folder.resolve("model"), simulator);
        int[] types = new int[500];
        for (int cell = 0; cell < types.length; cell++) {
            types[cell] = simulator.truth(cell).type();
        }
        CellSequences sequences = CellTokens.of(SimulatedCells.batch(simulator), SimulatedCells.network(300, 512));
        cells = new LabelledSequences(sequences, types, 4);
        few = cells.select(IntStream.range(0, 80).toArray());
    }

    @AfterAll
    static void end() {
        workers.close();
    }

    @Test
    void itNamesCellsThatItWasNotTrainedOn() throws IOException {
        assertThat(accuracy(cells, SETTINGS)).isGreaterThan(0.45);
        assertThat(accuracy(cells, SETTINGS.withHidden(0.5)))
                .as("half of the genes hidden in training, all there when naming")
                .isGreaterThan(0.45);
    }

    @Test
    void allLayersMoveWhenAllAreTrainedAndOnlyTheLastOtherwise() throws IOException {
        for (TrainedLayers layers : TrainedLayers.values()) {
            try (StoredModel before = ModelFolder.read(model, Precision.FLOAT32);
                    FineTuned tuned = FineTuning.run(
                            model,
                            Precision.FLOAT32,
                            cells,
                            null,
                            SETTINGS.with(layers).withEpochs(1),
                            workers,
                            Progress.SILENT)) {
                Map<String, Boolean> moved = new LinkedHashMap<>();
                tuned.stored()
                        .model()
                        .weights()
                        .forEach((name, weight) -> moved.put(
                                name,
                                !Arrays.equals(
                                        TensorArrays.floats(weight),
                                        TensorArrays.floats(
                                                before.model().weights().get(name)))));
                boolean all = layers == TrainedLayers.ALL;
                assertThat(moved.get("token_emb.weight"))
                        .as("%s: %s", layers, moved)
                        .isEqualTo(all);
                assertThat(moved.get("norm.weight")).isTrue();
            }
        }
    }

    @Test
    void classWeightsChangeWhatIsLearnt() throws IOException {
        double[] losses = new double[2];
        for (int i = 0; i < 2; i++) {
            ClassWeights weights = i == 0 ? ClassWeights.PUBLISHED : ClassWeights.BALANCED;
            try (FineTuned tuned = FineTuning.run(
                    model,
                    Precision.FLOAT32,
                    cells,
                    null,
                    SETTINGS.with(weights).withEpochs(1),
                    workers,
                    Progress.SILENT)) {
                losses[i] = tuned.epochs().get(0).training();
            }
        }
        assertThat(losses[0]).isNotEqualTo(losses[1]);
    }

    @Test
    void withShuffledLabelsItLearnsNothing() throws IOException {
        int[] shuffled = cells.codes().clone();
        Random random = new Random(3);
        for (int i = shuffled.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = kept;
        }
        assertThat(accuracy(new LabelledSequences(cells.sequences(), shuffled, 4), SETTINGS))
                .isLessThan(0.4);
    }

    @Test
    void theLastLayerMovesAndTheRestStays() throws IOException {
        Map<String, float[]> before = weights(model);
        try (FineTuned tuned = run(few, SETTINGS.withEpochs(2))) {
            Map<String, float[]> after = new LinkedHashMap<>();
            tuned.stored().model().weights().forEach((name, tensor) -> after.put(name, TensorArrays.floats(tensor)));
            before.forEach((name, values) -> {
                boolean moves = tuned.stored().model().trainable().containsKey(name);
                assertThat(Arrays.equals(values, after.get(name))).as(name).isEqualTo(!moves);
            });
        }
        Map<String, float[]> kept = weights(model);
        before.forEach((name, values) -> assertThat(kept.get(name)).as(name).isEqualTo(values));
    }

    @Test
    void oneSeedDecidesEverything() throws IOException {
        CellSequences some = cells.sequences().slice(0, 20);
        double[][] once;
        double[][] again;
        double[][] other;
        try (FineTuned tuned = run(few, SETTINGS.withEpochs(2))) {
            once = tuned.logProbabilities(some, workers);
        }
        try (FineTuned tuned = run(few, SETTINGS.withEpochs(2))) {
            again = tuned.logProbabilities(some, workers);
        }
        try (FineTuned tuned = run(few, SETTINGS.withEpochs(2).withSeed(8))) {
            other = tuned.logProbabilities(some, workers);
        }
        assertThat(again).isDeepEqualTo(once);
        assertThat(Arrays.deepEquals(other, once)).isFalse();
    }

    @Test
    void itIsWrittenAndReadWithItsClassifier() throws IOException {
        CellSequences some = cells.sequences().slice(0, 20);
        Path written = folder.resolve("tuned");
        double[][] before;
        try (FineTuned tuned = run(few, SETTINGS.withEpochs(1))) {
            before = tuned.logProbabilities(some, workers);
            ModelFolder.write(
                    written,
                    tuned.stored().model(),
                    tuned.classifier(),
                    tuned.stored().genes(),
                    com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode());
        }
        StoredModel stored = ModelFolder.read(written, Precision.FLOAT32);
        try (FineTuned read =
                new FineTuned(stored, PublishedClassifier.read(written, stored.model()), java.util.List.of())) {
            assertThat(read.classifier().classes()).isEqualTo(4);
            assertThat(read.logProbabilities(some, workers)).isDeepEqualTo(before);
        }
    }

    @Test
    void trainingThatDivergesIsAnError() {
        assertThatThrownBy(() -> run(few, SETTINGS.withLearningRate(1e30).withEpochs(3)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("learning rate");
    }

    private static FineTuned run(LabelledSequences given, FineTuneSettings settings) throws IOException {
        return FineTuning.run(model, Precision.FLOAT32, given, null, settings, workers, Progress.SILENT);
    }

    private static double accuracy(LabelledSequences given, FineTuneSettings settings) throws IOException {
        Split split = Splits.holdOut(given.codes(), 4, 0.25, 1);
        try (FineTuned tuned = run(given.select(split.train()), settings)) {
            int[] named = Classifier.likeliest(
                    tuned.logProbabilities(given.sequences().select(split.test()), workers));
            int right = 0;
            for (int i = 0; i < named.length; i++) {
                right += named[i] == given.codes()[split.test()[i]] ? 1 : 0;
            }
            return right / (double) named.length;
        }
    }

    private static Map<String, float[]> weights(Path folder) throws IOException {
        Map<String, float[]> weights = new LinkedHashMap<>();
        try (StoredModel stored = ModelFolder.read(folder, Precision.FLOAT32)) {
            CellLanguageModel read = stored.model();
            read.weights().forEach((name, tensor) -> weights.put(name, TensorArrays.floats(tensor)));
        }
        return weights;
    }
}
