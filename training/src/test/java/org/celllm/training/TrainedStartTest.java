package org.celllm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.ModelOptions;
import org.celllm.network.Preset;
import org.celllm.network.WeightShapes;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.weights.ModelFolder;
import org.celllm.network.weights.StoredModel;
import org.celllm.training.RunSettings.Existing;
import org.celllm.training.genes.GeneEmbeddings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainedStartTest {
    private static final long SEED = Long.getLong("celllm.seed", 7);
    private static final int GENES = 60;
    private static final PretrainSettings SETTINGS =
            PretrainSettings.of(Preset.TINY).with(8, 40, SEED).with(GeneEmbeddings.RANDOM);
    private static final RunSettings RUN = new RunSettings(6L << 30, 1, Precision.FLOAT32, 0, 2, 2, Existing.REFUSE);

    @TempDir
    Path folder;

    private Path model;
    private final CellBatch batch = RandomCells.of(SEED, 40, GENES, 24);

    @BeforeEach
    void train() throws IOException {
        model = folder.resolve("model");
        new Pretrainer(new MemoryCells(batch, GENES, SEED, "a"), SETTINGS, RUN, Progress.SILENT).run(model);
    }

    @Test
    void allWeightsAreTheModelsAndNewGenesBeginAsFarFromZeroAsTheOthers() throws IOException {
        int added = 30;
        try (StoredModel before = ModelFolder.read(model, Precision.FLOAT32);
                TrainedStart start = TrainedStart.open(model, cells(reversed(added)));
                CellLanguageModel after = start.create(before.model().options(), SEED, Precision.FLOAT32)) {
            assertThat(start.cells().genes().names().subList(0, GENES))
                    .isEqualTo(before.genes().names());
            assertThat(start.preset()).isEqualTo(Preset.TINY);
            int dim = before.model().config().dim();
            before.model().weights().forEach((name, weight) -> {
                float[] theirs = TensorArrays.floats(weight);
                float[] ours = TensorArrays.floats(after.weights().get(name));
                if (name.equals(WeightShapes.GENES)) {
                    assertThat(Arrays.copyOf(ours, GENES * dim)).isEqualTo(Arrays.copyOf(theirs, GENES * dim));
                    // CLS and padding stay behind all genes.
                    assertThat(Arrays.copyOfRange(ours, (GENES + added) * dim, ours.length))
                            .isEqualTo(Arrays.copyOfRange(theirs, GENES * dim, theirs.length));
                    assertThat(spread(Arrays.copyOfRange(ours, GENES * dim, (GENES + added) * dim)))
                            .as("seed %d", SEED)
                            .isCloseTo(spread(Arrays.copyOf(theirs, GENES * dim)), within(0.01));
                } else {
                    assertThat(ours).as(name).isEqualTo(theirs);
                }
            });
        }
    }

    @Test
    void aCellIsTheSameUnderTheModelsNumbersOfTheGenes() throws IOException {
        TrainingCells own = cells(reversed(5));
        try (TrainedStart start = TrainedStart.open(model, own)) {
            for (CellBatch[] pair : new CellBatch[][] {
                {own.batch(3, 8), start.cells().batch(3, 8)},
                {own.validation(6), start.cells().validation(6)}
            }) {
                for (int cell = 0; cell < pair[0].cells(); cell++) {
                    assertThat(expressed(pair[1], cell, start.cells().genes()))
                            .as("seed %d", SEED)
                            .containsExactlyInAnyOrderElementsOf(expressed(pair[0], cell, own.genes()));
                    for (int i = pair[1].offsets()[cell] + 1; i < pair[1].offsets()[cell + 1]; i++) {
                        assertThat(pair[1].genes()[i]).isGreaterThan(pair[1].genes()[i - 1]);
                    }
                }
            }
        }
    }

    @Test
    void trainingGoesOnAndResumesToTheSameBits() throws IOException {
        PretrainSettings more = SETTINGS.with(8, 4, SEED + 1).with(GeneEmbeddings.TRAINED);
        Path whole = folder.resolve("whole");
        PretrainResult on;
        try (TrainedStart start = TrainedStart.open(model, cells(reversed(5)))) {
            on = Pretrainer.from(start, more, RUN, Progress.SILENT).run(whole);
        }
        assertThat(on.firstStep()).isZero();
        // Adam moves a number by about the learning rate a step, so four steps do not lead far from where they began.
        try (StoredModel before = ModelFolder.read(model, Precision.FLOAT32);
                StoredModel after = ModelFolder.read(whole, Precision.FLOAT32)) {
            float[] then = TensorArrays.floats(before.model().weights().get(WeightShapes.TOKEN_HEAD));
            float[] now = TensorArrays.floats(after.model().weights().get(WeightShapes.TOKEN_HEAD));
            double most = 0;
            for (int i = 0; i < now.length; i++) {
                most = Math.max(most, Math.abs(now[i] - then[i]));
            }
            assertThat(most).isPositive().isLessThan(8 * more.learningRate());
        }
        assertThat(Files.readString(whole.resolve("provenance.json")))
                .contains("\"from\"", "begins with the weights of", "60 of the cells' 65 genes");
        byte[] weights = Files.readAllBytes(whole.resolve("model.safetensors"));
        Files.delete(whole.resolve("model.safetensors"));
        for (String end : List.of(".json", ".safetensors")) {
            Files.delete(whole.resolve("checkpoints/step-000000004" + end));
        }
        try (TrainedStart start = TrainedStart.open(model, cells(reversed(5)))) {
            PretrainResult resumed = Pretrainer.from(start, more, RUN.with(Existing.RESUME), Progress.SILENT)
                    .run(whole);
            assertThat(resumed.firstStep()).isEqualTo(2);
        }
        assertThat(Files.readAllBytes(whole.resolve("model.safetensors"))).isEqualTo(weights);
        Files.delete(whole.resolve("model.safetensors"));
        for (String end : List.of(".json", ".safetensors")) {
            Files.delete(whole.resolve("checkpoints/step-000000004" + end));
        }
        Path another = folder.resolve("another");
        new Pretrainer(new MemoryCells(batch, GENES, SEED, "a"), SETTINGS.with(8, 2, SEED), RUN, Progress.SILENT)
                .run(another);
        try (TrainedStart start = TrainedStart.open(another, cells(reversed(5)))) {
            assertThatThrownBy(() -> Pretrainer.from(start, more, RUN.with(Existing.RESUME), Progress.SILENT)
                            .run(whole))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("from: ");
        }
    }

    @Test
    void cellsWhoseGenesTheModelDoesNotKnowAreRefused() {
        List<String> strange =
                IntStream.range(0, GENES).mapToObj(gene -> "ENSG" + gene).toList();
        assertThatThrownBy(() -> TrainedStart.open(model, cells(strange)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("knows none of the 60 genes")
                .hasMessageContaining("--hgnc");
    }

    @Test
    void anotherProjectionOrOtherFirstEmbeddingsAreAMistakeOfTheCaller() throws IOException {
        try (TrainedStart start = TrainedStart.open(model, cells(reversed(0)))) {
            assertThatThrownBy(() -> Pretrainer.from(start, SETTINGS, RUN, Progress.SILENT))
                    .isInstanceOf(IllegalArgumentException.class);
            PretrainSettings projected = SETTINGS.with(GeneEmbeddings.TRAINED)
                    .with(new ModelOptions(16, true, SETTINGS.objectives().pooling()));
            assertThatThrownBy(() -> Pretrainer.from(start, projected, RUN, Progress.SILENT))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Other cells than the model was trained on, over genes of these names. */
    private static TrainingCells cells(List<String> genes) {
        CellBatch others = RandomCells.of(SEED + 1, 40, genes.size(), 24);
        return new MemoryCells(others, genes, SEED + 1, "others");
    }

    /** The genes of {@link MemoryCells} in reverse, and others before them. */
    private static List<String> reversed(int others) {
        List<String> names = MemoryCells.names(GENES);
        Collections.reverse(names);
        names.addAll(
                0, IntStream.range(0, others).mapToObj(gene -> "NEW" + gene).toList());
        return names;
    }

    private List<String> expressed(CellBatch cells, int cell, GeneVocabulary genes) {
        return IntStream.range(cells.offsets()[cell], cells.offsets()[cell + 1])
                .mapToObj(i -> genes.names().get(cells.genes()[i]) + " " + cells.values()[i])
                .toList();
    }

    private static double spread(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / values.length);
    }
}
