package org.celllm.tasks.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
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
import org.junit.jupiter.params.provider.EnumSource;

class FrozenStatesTest {
    @TempDir
    Path folder;

    /** Cells in another order than they were kept in, one of them twice. */
    @ParameterizedTest
    @EnumSource(PaddingMode.class)
    void encodingsFromKeptStatesAreThoseOfAllLayers(PaddingMode padding) throws IOException {
        var simulator = SimulatedCells.of(40, 1);
        CellSequences cells = CellTokens.of(SimulatedCells.batch(simulator), config(padding));
        int[] chosen = {7, 3, 39, 3, 0};
        try (CellLanguageModel model = model(padding);
                Workers workers = new Workers(2)) {
            model.trainLastLayerOnly();
            try (FrozenStates states =
                    Objects.requireNonNull(FrozenStates.of(model, cells, workers, Progress.SILENT))) {
                CellSequences asked = cells.select(chosen);
                FrozenStates some = states.select(new int[] {39, 7, 3, 0});
                Native.runWithoutGradient(() -> {
                    float[] whole = TensorArrays.floats(model.encode(asked, Dropouts.NONE));
                    assertThat(TensorArrays.floats(model.encodeUpper(asked, states.of(chosen), null)))
                            .containsExactly(whole, within(2e-5f));
                    assertThat(TensorArrays.floats(model.encodeUpper(asked, some.of(new int[] {1, 2, 0, 2, 3}), null)))
                            .containsExactly(whole, within(2e-5f));
                });
            }
        }
    }

    @Test
    void trainingFromKeptStatesIsTrainingWithAllLayers() throws IOException {
        var simulator = SimulatedCells.of(120, 1);
        Path model = folder.resolve("model");
        try (CellLanguageModel written = model(PaddingMode.NONE)) {
            ModelFolder.write(
                    model, written, new GeneVocabulary(simulator.genes()), JsonNodeFactory.instance.objectNode());
        }
        int[] types = new int[120];
        for (int cell = 0; cell < types.length; cell++) {
            types[cell] = simulator.truth(cell).type();
        }
        LabelledSequences cells = new LabelledSequences(
                CellTokens.of(SimulatedCells.batch(simulator), config(PaddingMode.NONE)), types, 4);
        FineTuneSettings settings = FineTuneSettings.published(3).withEpochs(3).withLearningRate(1e-3);
        try (Workers workers = new Workers(2);
                StoredModel stored = ModelFolder.read(model, Precision.FLOAT32)) {
            stored.model().trainLastLayerOnly();
            try (FrozenStates states = Objects.requireNonNull(
                            FrozenStates.of(stored.model(), cells.sequences(), workers, Progress.SILENT));
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

    private static CellLanguageModel model(PaddingMode padding) {
        return CellLanguageModel.create(config(padding), ModelOptions.PUBLISHED, 5, Precision.FLOAT32);
    }
}
