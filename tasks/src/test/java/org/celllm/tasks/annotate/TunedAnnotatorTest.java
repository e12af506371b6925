package org.celllm.tasks.annotate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.evaluate.MethodScores;
import org.celllm.tasks.finetune.FineTuneSettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunedAnnotatorTest {
    @TempDir
    static Path folder;

    private static Path cells;
    private static List<MethodScores> scores;

    @BeforeAll
    static void fitOnce() throws IOException {
        Path model = SimulatedCells.model(folder.resolve("model"), SimulatedCells.of(300, 1));
        cells = SimulatedCells.write(folder.resolve("cells.h5ad"), 300, 1);
        FineTuneSettings tuning =
                FineTuneSettings.published(1).withEpochs(15).withBatch(8).withLearningRate(5e-4);
        try (TunedFit fit = TunedFit.fit(
                model, cells, "cell_type", AnnotatorSettings.usual(1).withSeeds(1), tuning, Progress.SILENT)) {
            fit.save(folder.resolve("annotator"));
            scores = fit.evaluation().scores();
            assertThat(fit.toJson().path("fineTuning").path("epochs").size())
                    .isEqualTo(fit.epochs().size());
        }
    }

    @Test
    void itIsScoredBesideTheOtherHeadsAndTheBaselines() {
        assertThat(scores)
                .extracting(MethodScores::method)
                .startsWith("model, last layer trained", "model")
                .contains("logistic regression, genes", "majority class");
        assertThat(scores.get(0).macroF1().mean())
                .isGreaterThan(2 * scores.get(scores.size() - 1).macroF1().mean());
    }

    @Test
    void theSavedAnnotatorNamesCells() throws IOException {
        try (Annotator annotator = open()) {
            assertThat(annotator.labels()).hasSize(4);
            Predictions all = annotator.predict(cells, 0, Progress.SILENT);
            Predictions sure = annotator.predict(cells, 0.95, Progress.SILENT);
            assertThat(all.counts()[4]).isZero();
            assertThat(sure.codes()).hasSize(300);
            for (int cell = 0; cell < 300; cell++) {
                boolean named = sure.codes()[cell] >= 0;
                assertThat(named).isEqualTo(sure.probabilities()[cell] >= 0.95f);
            }
            Path csv = folder.resolve("labels.csv");
            PredictionFiles.predictFile(annotator, cells, csv, 0, Progress.SILENT);
            assertThat(Files.readAllLines(csv)).hasSize(301);
        }
    }

    @Test
    void anotherModelInItsPlaceAndDamagedFilesAreRefused() throws IOException {
        Path weights = folder.resolve("annotator/model/model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        byte[] changed = whole.clone();
        changed[changed.length - 5] ^= 1;
        Files.write(weights, changed);
        assertThatThrownBy(TunedAnnotatorTest::open)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not the model");
        Files.write(weights, Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(TunedAnnotatorTest::open).isInstanceOf(InputException.class);
        Files.write(weights, whole);
        open().close();
    }

    @Test
    void cardsSayWhatWasTrainedSince() throws IOException {
        assertThat(Files.readString(folder.resolve("annotator/model/MODEL_CARD.md")))
                .contains("## Fine-tuning", "trained since: last layer, final norm, classifier");
        assertThat(Files.readString(folder.resolve("annotator/MODEL_CARD.md")))
                .contains("; fitted on ", "| model, last layer trained | 0.");
    }

    private static Annotator open() throws IOException {
        return Annotator.open(folder.resolve("annotator"), EmbedSettings.usual());
    }
}
