package org.celllm.tasks.isotropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.Simulator;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.training.views.CellViews;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsotropyEvaluationTest {
    private static final int CELLS = 90;
    private static final EmbedSettings EMBED = EmbedSettings.usual().withThreads(2);
    private static final Simulator SIMULATOR = SimulatedCells.of(CELLS, 4);

    @TempDir
    static Path folder;

    private static Path model;
    private static Path cells;

    @BeforeAll
    static void make() throws IOException {
        model = SimulatedCells.model(folder.resolve("model"), SIMULATOR);
        cells = SimulatedCells.write(folder.resolve("cells.h5ad"), CELLS, 4);
    }

    @Test
    void aModelStandsBesideGenesAndAnUntrainedNetwork() throws IOException {
        IsotropyScores scores = run(IsotropySettings.of(2, 5000, 0.5, 0.5), List.of(model));

        assertThat(scores.representations())
                .extracting(RepresentationScores::name)
                .containsExactly("model", "genes", "untrained");
        for (RepresentationScores one : scores.representations()) {
            assertThat(one.bySeed()).hasSize(2);
            assertThat(one.of(IsotropyFigure.MEAN_COSINE).mean()).isBetween(-0.1, 1.0);
            assertThat(one.of(IsotropyFigure.EFFECTIVE_RANK).mean()).isBetween(1.0, (double) one.dim());
            assertThat(one.of(IsotropyFigure.ALIGNMENT).mean()).isBetween(1e-6, 4.0);
            assertThat(one.of(IsotropyFigure.UNIFORMITY).mean()).isBetween(-8.0, 0.0);
            assertThat(one.spectrum()[0]).isCloseTo(1, within(1e-12));
        }
        RepresentationScores ours = scores.representations().get(0);
        RepresentationScores untrained = scores.representations().get(2);
        assertThat(spread(ours, 0)).as("all cells, so the seed changes nothing").isSameAs(spread(ours, 1));
        assertThat(ours.bySeed().get(0).views())
                .isNotEqualTo(ours.bySeed().get(1).views());
        assertThat(spread(untrained, 0).meanCosine())
                .isNotEqualTo(spread(untrained, 1).meanCosine());
        assertThat(untrained.dim()).isEqualTo(ours.dim());
    }

    @Test
    void theFiguresAreThoseOfTheEmbedderAndOfTrainingsViews() throws IOException {
        IsotropySettings settings = IsotropySettings.of(1, 5000, 0.5, 0.5);
        Isotropy found =
                run(settings, List.of(model)).representations().get(0).bySeed().get(0);
        CellBatch batch = SimulatedCells.batch(SIMULATOR);
        try (CellEmbedder embedder = CellEmbedder.open(model, EMBED);
                Workers workers = new Workers(1)) {
            Spread spread = Spread.of(embedder.embed(batch));
            CellViews views = new CellViews(settings.views(), embedder.network(), 1);
            float[][] rows = embedder.embed(views.of(batch, 0, CELLS, 0).sequences());
            ViewAgreement agreement = ViewAgreement.of(
                    java.util.Arrays.copyOf(rows, CELLS),
                    java.util.Arrays.copyOfRange(rows, CELLS, 2 * CELLS),
                    workers);
            assertThat(found.spread().meanCosine()).isCloseTo(spread.meanCosine(), within(1e-6));
            assertThat(found.views().alignment()).isCloseTo(agreement.alignment(), within(1e-5));
            assertThat(found.views().uniformity()).isCloseTo(agreement.uniformity(), within(1e-5));
        }
    }

    @Test
    void aSeedChoosesTheSameCellsForAll() throws IOException {
        IsotropyScores scores = run(IsotropySettings.of(2, 30, 0.5, 1), List.of(model));
        assertThat(scores.cells()).isEqualTo(30);
        assertThat(scores.fileCells()).isEqualTo(CELLS);
        for (RepresentationScores one : scores.representations()) {
            assertThat(spread(one, 0).cells()).isEqualTo(30);
            assertThat(spread(one, 0).meanCosine()).isNotEqualTo(spread(one, 1).meanCosine());
        }
    }

    @Test
    void viewsThatHideNothingAreTheCell() throws IOException {
        for (RepresentationScores one :
                run(IsotropySettings.of(1, 5000, 0, 1), List.of(model)).representations()) {
            assertThat(one.of(IsotropyFigure.ALIGNMENT).mean()).as(one.name()).isCloseTo(0, within(1e-9));
        }
    }

    @Test
    void jsonHoldsWhatReportsAndProgramsNeed() throws IOException {
        JsonNode json =
                run(IsotropySettings.of(2, 5000, 0.5, 0.5), List.of(model)).toJson();
        assertThat(json.path("seeds")).hasSize(2);
        JsonNode first = json.path("representations").path(0);
        assertThat(first.path("path").asText()).isEqualTo(model.toString());
        assertThat(first.path("spectrum")).hasSize(16);
        assertThat(first.path("centredSpectrum")).hasSize(16);
        for (IsotropyFigure figure : IsotropyFigure.values()) {
            assertThat(first.path("figures").path(figure.word()).path("bySeed")).hasSize(2);
        }
        assertThat(json.path("representations").path(1).path("reference").asBoolean())
                .isTrue();
    }

    @Test
    void modelsAreNamedByTheirFoldersUnlessThoseAreAlike() {
        List<ComparedModel> models =
                ComparedModel.of(List.of(Path.of("a/model"), Path.of("b/model"), Path.of("c"), Path.of("genes")));
        assertThat(models.get(0).name()).endsWith("a/model").isNotEqualTo("model");
        assertThat(models.get(2).name()).isEqualTo("c");
        assertThat(models.get(3).name()).endsWith("/genes");
        assertThatThrownBy(() -> ComparedModel.of(List.of(Path.of("a"), Path.of("./a"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void settingsThatMeasureNothingAreRefused() {
        for (int[] wrong : new int[][] {{0, 5000}, {1, 1}}) {
            assertThatThrownBy(() -> IsotropySettings.of(wrong[0], wrong[1], 0.5, 0.5))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new IsotropySettings(1, 5, org.celllm.training.views.ViewSettings.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void genesAreThoseThatVaryMost() {
        CellBatch batch = SimulatedCells.batch(SIMULATOR);
        GeneVectors genes = GeneVectors.fit(batch, SIMULATOR.genes().size());
        float[][] rows = genes.whole(batch);
        assertThat(rows).hasNumberOfRows(CELLS);
        assertThat(rows[0]).hasSize(genes.dim());
        assertThat(genes.dim()).isBetween(1, 300);
        int cell = 0;
        for (int i = batch.offsets()[cell]; i < batch.offsets()[cell + 1]; i++) {
            int gene = batch.genes()[i];
            int place = IntStream.range(0, genes.dim())
                    .filter(j -> genes.genes()[j] == gene)
                    .findFirst()
                    .orElse(-1);
            if (place >= 0) {
                assertThat((double) rows[cell][place])
                        .isCloseTo(Math.log1p(batch.values()[i] / batch.totals()[cell] * 10_000), within(1e-5));
            }
        }
    }

    private static Spread spread(RepresentationScores scores, int seed) {
        return scores.bySeed().get(seed).spread();
    }

    private static IsotropyScores run(IsotropySettings settings, List<Path> models) throws IOException {
        try (CellFile file = CellFile.open(cells, EMBED.values(), EMBED.identity())) {
            return IsotropyEvaluation.run(ComparedModel.of(models), file, EMBED, settings, Progress.SILENT);
        }
    }
}
