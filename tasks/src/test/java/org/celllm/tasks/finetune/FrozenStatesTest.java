package org.celllm.tasks.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.Dropouts;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.PaddingMode;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Workers;
import org.celllm.network.weights.ModelFolder;
import org.celllm.network.weights.StoredModel;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.embed.CellTokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrozenStatesTest {
    @TempDir
    Path folder;

    /** Cells in another order than they were kept in, one of them twice. */
    @ParameterizedTest
    @CsvSource({"NONE, FLOAT32, 2e-5", "PUBLISHED, FLOAT32, 2e-5", "NONE, BFLOAT16, 2e-5", "PUBLISHED, BFLOAT16, 2e-5"})
    void encodingsFromKeptStatesAreThoseOfAllLayers(PaddingMode padding, Precision precision, float tolerance) {
        var simulator = SimulatedCells.of(40, 1);
        CellSequences cells = CellTokens.of(SimulatedCells.batch(simulator), config(padding));
        int[] chosen = {7, 3, 39, 3, 0};
        try (CellLanguageModel model = model(padding, precision);
                Workers workers = new Workers(2)) {
            model.trainLastLayerOnly();
            try (FrozenStates states = Objects.requireNonNull(
                    FrozenStates.of(model, cells, new int[] {0, 39, 3, 7}, workers, Progress.SILENT))) {
                CellSequences asked = cells.select(chosen);
                FrozenStates some = states.select(new int[] {39, 7, 3, 0});
                Native.runWithoutGradient(() -> {
                    float[] whole = TensorArrays.floats(model.encode(asked, Dropouts.NONE));
                    assertThat(TensorArrays.floats(model.encodeUpper(asked, states.of(chosen), null)))
                            .containsExactly(whole, within(tolerance));
                    assertThat(TensorArrays.floats(model.encodeUpper(asked, some.of(new int[] {1, 2, 0, 2, 3}), null)))
                            .containsExactly(whole, within(tolerance));
                });
                assertThatThrownBy(() -> states.of(new int[] {1})).hasMessageContaining("cell 1 was not wanted");
                assertThatThrownBy(() -> states.select(new int[] {3, 1}).of(new int[] {1}))
                        .hasMessageContaining("was not wanted");
            }
        }
    }

    /** The products of such a width are bfloat16 ones where the processor has them, and layouts have filler. */
    @Test
    void fusedLayersReadKeptStatesToo() {
        NetworkConfig wide = new NetworkConfig(64, 3, 2, 32, 0, 4, 8, 300, 512, false, PaddingMode.NONE, 0);
        CellSequences cells = CellTokens.of(SimulatedCells.batch(SimulatedCells.of(30, 1)), wide);
        int[] all = IntStream.range(0, 30).toArray();
        try (CellLanguageModel model = CellLanguageModel.create(wide, ModelOptions.PUBLISHED, 5, Precision.BFLOAT16);
                Workers workers = new Workers(2)) {
            model.trainLastLayerOnly();
            try (FrozenStates states =
                    Objects.requireNonNull(FrozenStates.of(model, cells, all, workers, Progress.SILENT))) {
                Native.runWithoutGradient(() -> {
                    float[] whole = TensorArrays.floats(model.encode(cells, Dropouts.NONE));
                    float[] upper = TensorArrays.floats(model.encodeUpper(cells, states.of(all), null));
                    double apart = 0;
                    double size = 0;
                    for (int i = 0; i < whole.length; i++) {
                        apart += (whole[i] - upper[i]) * (whole[i] - upper[i]);
                        size += whole[i] * whole[i];
                    }
                    assertThat(Math.sqrt(apart / size)).isLessThan(2e-2);
                });
            }
        }
    }

    @Test
    void cellsWithoutGenesAndASingleLayerWork() {
        NetworkConfig one = new NetworkConfig(16, 1, 2, 8, 0, 2, 8, 300, 512, false, PaddingMode.NONE, 0);
        CellSequences cells = new CellSequences(3, new int[] {0, 0, 2, 2}, new int[] {4, 9}, new int[] {1, 3});
        try (CellLanguageModel model = CellLanguageModel.create(one, ModelOptions.PUBLISHED, 5, Precision.FLOAT32);
                Workers workers = new Workers(1)) {
            model.trainLastLayerOnly();
            try (FrozenStates states = Objects.requireNonNull(
                    FrozenStates.of(model, cells, new int[] {0, 1, 2}, workers, Progress.SILENT))) {
                Native.runWithoutGradient(() -> assertThat(
                                TensorArrays.floats(model.encodeUpper(cells, states.of(new int[] {0, 1, 2}), null)))
                        .containsExactly(TensorArrays.floats(model.encode(cells, Dropouts.NONE)), within(1e-5f)));
            }
        }
    }

    @Test
    void sixtyFourBitsAreNotKeptInThirtyTwo() {
        CellSequences cells = new CellSequences(1, new int[] {0, 1}, new int[] {4}, new int[] {1});
        try (CellLanguageModel model = model(PaddingMode.NONE, Precision.FLOAT64);
                Workers workers = new Workers(1)) {
            model.trainLastLayerOnly();
            assertThat(FrozenStates.of(model, cells, new int[] {0}, workers, Progress.SILENT))
                    .isNull();
        }
    }

    /** Whole cells, and with half of their genes hidden, around padding too. */
    @ParameterizedTest
    @CsvSource({"0, NONE", "0.5, NONE", "0.5, PUBLISHED"})
    void trainingFromKeptStatesIsTrainingWithAllLayers(double hide, PaddingMode padding) throws IOException {
        var simulator = SimulatedCells.of(120, 1);
        Path model = folder.resolve("model");
        try (CellLanguageModel written = model(padding, Precision.FLOAT32)) {
            ModelFolder.write(
                    model, written, new GeneVocabulary(simulator.genes()), JsonNodeFactory.instance.objectNode());
        }
        int[] types = new int[120];
        for (int cell = 0; cell < types.length; cell++) {
            types[cell] = simulator.truth(cell).type();
        }
        LabelledSequences cells =
                new LabelledSequences(CellTokens.of(SimulatedCells.batch(simulator), config(padding)), types, 4);
        FineTuneSettings settings = FineTuneSettings.published(3)
                .withEpochs(3)
                .withLearningRate(1e-3)
                .withHidden(hide);
        try (Workers workers = new Workers(2);
                StoredModel stored = ModelFolder.read(model, Precision.FLOAT32)) {
            stored.model().trainLastLayerOnly();
            try (FrozenStates states = Objects.requireNonNull(FrozenStates.of(
                            stored.model(),
                            cells.sequences(),
                            IntStream.range(0, 120).toArray(),
                            workers,
                            Progress.SILENT));
                    FineTuned kept = FineTuning.run(
                            model, Precision.FLOAT32, cells, states, settings, workers, Progress.SILENT);
                    FineTuned anew =
                            FineTuning.run(model, Precision.FLOAT32, cells, null, settings, workers, Progress.SILENT)) {
                for (int epoch = 0; epoch < anew.epochs().size(); epoch++) {
                    assertThat(kept.epochs().get(epoch).training())
                            .isCloseTo(anew.epochs().get(epoch).training(), within(1e-4));
                    assertThat(kept.epochs().get(epoch).validation())
                            .isCloseTo(anew.epochs().get(epoch).validation(), within(1e-4));
                }
                assertThat(anew.epochs().get(0).training())
                        .as("it moves")
                        .isNotEqualTo(anew.epochs().get(2).training());
                double[][] all = kept.logProbabilities(cells.sequences(), workers);
                double[][] fromStates = kept.logProbabilities(cells.sequences(), states, workers);
                for (int cell = 0; cell < all.length; cell++) {
                    assertThat(fromStates[cell]).containsExactly(all[cell], within(1e-4));
                }
                assertThatThrownBy(() -> FineTuning.run(
                                model,
                                Precision.FLOAT32,
                                cells,
                                states,
                                settings.with(TrainedLayers.ALL),
                                workers,
                                Progress.SILENT))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    private static NetworkConfig config(PaddingMode padding) {
        return new NetworkConfig(16, 3, 2, 8, 0, 2, 8, 300, 512, false, padding, 0);
    }

    private static CellLanguageModel model(PaddingMode padding, Precision precision) {
        return CellLanguageModel.create(config(padding), ModelOptions.PUBLISHED, 5, precision);
    }
}
