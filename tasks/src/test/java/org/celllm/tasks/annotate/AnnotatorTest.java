package org.celllm.tasks.annotate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.PreparedCells;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.Simulator;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.baselines.Classifier;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.evaluate.MethodScores;
import org.celllm.tasks.labels.CellLabels;
import org.celllm.tasks.metrics.ConfusionMatrix;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnotatorTest {
    @TempDir
    static Path folder;

    private static AnnotatorFit fit;

    @BeforeAll
    static void fitOnce() throws IOException {
        Simulator simulator = SimulatedCells.of(400, 1);
        Path model = SimulatedCells.model(folder.resolve("model"), simulator);
        Path cells = SimulatedCells.write(folder.resolve("cells.h5ad"), 400, 1);
        SimulatedCells.write(folder.resolve("others.h5ad"), 200, 2);
        fit = AnnotatorFit.fit(
                model, cells, "cell_type", AnnotatorSettings.usual(0).withSeeds(2), Progress.SILENT);
        fit.save(folder.resolve("annotator"));
    }

    @Test
    void theModelIsAtLeastAsGoodAsLogisticRegressionOnGenes() {
        MethodScores model = fit.evaluation().of("model");
        MethodScores genes = fit.evaluation().of("logistic regression, genes");
        assertThat(model.macroF1().mean())
                .isGreaterThanOrEqualTo(genes.macroF1().mean());
        assertThat(fit.evaluation().scores())
                .extracting(MethodScores::method)
                .contains("model, embedding only", "logistic regression, 15 components", "majority class");
    }

    @Test
    void aSavedAnnotatorNamesCellsOfNewDonors() throws IOException {
        try (Annotator annotator = Annotator.open(folder.resolve("annotator"), EmbedSettings.usual())) {
            Path others = folder.resolve("others.h5ad");
            Predictions predictions = annotator.predict(others, 0, Progress.SILENT);
            ConfusionMatrix matrix = score(others, predictions);
            assertThat(matrix.macroF1()).isGreaterThan(0.6);
            assertThat(predictions.counts()[4]).as("none unassigned").isZero();
            assertThat(predictions.reading().mapping().mappedFraction()).isEqualTo(1);
        }
    }

    @Test
    void unsureCellsStayUnassigned() throws IOException {
        try (Annotator annotator = Annotator.open(folder.resolve("annotator"), EmbedSettings.usual())) {
            Path others = folder.resolve("others.h5ad");
            Predictions all = annotator.predict(others, 0, Progress.SILENT);
            Predictions sure = annotator.predict(others, 0.9, Progress.SILENT);
            int unassigned = sure.counts()[4];
            assertThat(unassigned).isBetween(1, 199);
            for (int cell = 0; cell < 200; cell++) {
                boolean named = sure.codes()[cell] >= 0;
                assertThat(named).isEqualTo(sure.probabilities()[cell] >= 0.9f);
                assertThat(sure.label(cell)).isEqualTo(named ? all.label(cell) : "unassigned");
            }
            assertThat(rightAmongNamed(others, sure)).isGreaterThanOrEqualTo(rightAmongNamed(others, all));
        }
    }

    @Test
    void cellsLikeTheTrainingCellsRaiseNoWarningAndOthersAreSaidToBeFar() throws IOException {
        try (Annotator annotator = Annotator.open(folder.resolve("annotator"), EmbedSettings.usual())) {
            FilePredictions like = PredictionFiles.predictFile(
                    annotator, folder.resolve("others.h5ad"), folder.resolve("like.csv"), 0, Progress.SILENT);
            BatchDifference none = like.difference();
            assertThat(none.missing()).isZero();
            assertThat(none.genes()).isEqualTo(300);
            assertThat(none.warnings()).isEmpty();
            assertThat(none.trained()).isNotNull();
            // A third of the genes, a tenth of the counts.
            Path far = folder.resolve("far.csv");
            Files.writeString(far, shallow());
            BatchDifference some = PredictionFiles.predictFile(
                            annotator, far, folder.resolve("far-labels.csv"), 1.1, Progress.SILENT)
                    .difference();
            assertThat(some.missing()).isEqualTo(200);
            assertThat(some.unassigned()).isEqualTo(1);
            assertThat(some.here().genes()).isEqualTo(4);
            assertThat(some.here().total()).isEqualTo(10);
            assertThat(some.warnings()).hasSize(4);
            assertThat(some.warnings().get(0)).startsWith("67% of the genes");
        }
    }

    @Test
    void genesThatAFileLacksAreNotReadAsNotExpressed() throws IOException {
        Path half = folder.resolve("half.csv");
        Files.writeString(half, everySecondGene(SimulatedCells.of(200, 2)));
        try (Annotator annotator = Annotator.open(folder.resolve("annotator"), EmbedSettings.usual())) {
            Path others = folder.resolve("others.h5ad");
            int[] filled = annotator.predict(half, 0, Progress.SILENT).codes();
            int[] zero = readAsNotExpressed(annotator, half);
            int[] truth = truth(others, annotator.labels());
            int right = 0;
            int rightAsZero = 0;
            for (int cell = 0; cell < 200; cell++) {
                right += filled[cell] == truth[cell] ? 1 : 0;
                rightAsZero += zero[cell] == truth[cell] ? 1 : 0;
            }
            assertThat(right)
                    .as("of 200, %d where absent genes read as zero", rightAsZero)
                    .isGreaterThan(rightAsZero + 10);
        }
    }

    private static int[] readAsNotExpressed(Annotator annotator, Path path) throws IOException {
        EmbedSettings settings = annotator.settings();
        try (CellFile file = CellFile.open(path, settings.values(), settings.identity())) {
            List<CellBatch> cells = new ArrayList<>();
            for (GeneVocabulary genes : annotator.vocabularies()) {
                try (PreparedCells prepared = file.read(file.map(genes), 1000)) {
                    cells.add(prepared.next());
                }
            }
            return Classifier.likeliest(annotator.probabilities(cells));
        }
    }

    private static int[] truth(Path file, List<String> labels) throws IOException {
        EmbedSettings settings = EmbedSettings.usual();
        try (CellFile opened = CellFile.open(file, settings.values(), settings.identity())) {
            return CellLabels.read(file, opened.cells(), "cell_type")
                    .over(labels)
                    .codes();
        }
    }

    /** Cells in rows, of which every other gene was not measured. */
    private static String everySecondGene(Simulator simulator) {
        CellBatch cells = SimulatedCells.batch(simulator);
        StringBuilder text = new StringBuilder("cell");
        for (int gene = 0; gene < simulator.genes().size(); gene += 2) {
            text.append(',').append(simulator.genes().get(gene));
        }
        for (int cell = 0; cell < cells.cells(); cell++) {
            float[] counts = new float[simulator.genes().size()];
            for (int i = cells.offsets()[cell]; i < cells.offsets()[cell + 1]; i++) {
                counts[cells.genes()[i]] = cells.values()[i];
            }
            text.append("\nc").append(cell);
            for (int gene = 0; gene < counts.length; gene += 2) {
                text.append(',').append((int) counts[gene]);
            }
        }
        return text.append('\n').toString();
    }

    @Test
    void anAnnotatorWithoutWordOfItsTrainingCellsStillNames() throws IOException {
        Path old = folder.resolve("old");
        fit.save(old);
        Files.delete(old.resolve("training.json"));
        try (Annotator annotator = Annotator.open(old, EmbedSettings.usual())) {
            assertThat(annotator.trained()).isNull();
        }
        Files.writeString(old.resolve("training.json"), "{}");
        assertThatThrownBy(() -> Annotator.open(old, EmbedSettings.usual()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("damaged");
    }

    /** Cells in rows, each with the counts 1, 2, 3 and 4 of some genes. */
    private static String shallow() {
        List<String> genes = SimulatedCells.of(1, 1).genes().subList(0, 100);
        StringBuilder text = new StringBuilder("cell," + String.join(",", genes) + "\n");
        for (int cell = 0; cell < 20; cell++) {
            text.append('c').append(cell);
            for (int gene = 0; gene < 100; gene++) {
                int count = gene - cell < 1 || gene - cell > 4 ? 0 : gene - cell;
                text.append(',').append(count);
            }
            text.append('\n');
        }
        return text.toString();
    }

    @Test
    void savingAgainReplacesTheFolderWhole() throws IOException {
        Path again = folder.resolve("again");
        Files.createDirectories(again);
        Files.writeString(again.resolve("stale.txt"), "old");
        fit.save(again);
        assertThat(again.resolve("stale.txt")).doesNotExist();
        try (Annotator annotator = Annotator.open(again, EmbedSettings.usual())) {
            assertThat(annotator.labels()).hasSize(4);
        }
        try (var left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()).filter(name -> name.startsWith(".")))
                    .isEmpty();
        }
    }

    @Test
    void anotherModelInItsPlaceIsRefused() throws IOException {
        Path swapped = folder.resolve("swapped");
        fit.save(swapped);
        Path genes = swapped.resolve("model").resolve("genes.tsv");
        List<String> lines = Files.readAllLines(genes);
        java.util.Collections.swap(lines, 1, 2);
        Files.write(genes, lines);
        assertThatThrownBy(() -> Annotator.open(swapped, EmbedSettings.usual()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not the model");
    }

    @Test
    void damagedFoldersAreErrorsThatNameThem() throws IOException {
        Path damaged = folder.resolve("damaged");
        assertThatThrownBy(() -> Annotator.open(damaged, EmbedSettings.usual()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not exist");
        for (String file : List.of("head.safetensors", "config.json", "genes.tsv")) {
            fit.save(damaged);
            byte[] bytes = Files.readAllBytes(damaged.resolve(file));
            Files.write(damaged.resolve(file), java.util.Arrays.copyOf(bytes, bytes.length / 2));
            assertThatThrownBy(() -> Annotator.open(damaged, EmbedSettings.usual()))
                    .as(file)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("damaged");
        }
        fit.save(damaged);
        String config = Files.readString(damaged.resolve("config.json"));
        Files.writeString(
                damaged.resolve("config.json"),
                config.replace("\"member\" : \"", "\"member\" : \"no_"),
                StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Annotator.open(damaged, EmbedSettings.usual())).isInstanceOf(InputException.class);
    }

    @Test
    void theReportSaysWhatWasFittedOnWhat() {
        assertThat(fit.toJson().path("methods").size()).isEqualTo(9);
        assertThat(fit.toJson().path("head").path("members").size()).isEqualTo(6);
        assertThat(fit.toJson().path("classes").size()).isEqualTo(4);
    }

    private static ConfusionMatrix score(Path file, Predictions predictions) throws IOException {
        EmbedSettings settings = EmbedSettings.usual();
        try (CellFile cells = CellFile.open(file, settings.values(), settings.identity())) {
            CellLabels truth = CellLabels.read(file, cells.cells(), "cell_type");
            int[] codes = IntStream.range(0, predictions.codes().length)
                    .map(i -> predictions.codes()[i] < 0 ? -1 : truth.names().indexOf(predictions.label(i)))
                    .toArray();
            return ConfusionMatrix.of(truth.names(), truth.codes(), codes);
        }
    }

    private static double rightAmongNamed(Path file, Predictions predictions) throws IOException {
        ConfusionMatrix matrix = score(file, predictions);
        long none = java.util.Arrays.stream(matrix.unassigned()).sum();
        return matrix.accuracy() * matrix.cells() / (matrix.cells() - none);
    }
}
