package org.celllm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.Disease;
import org.celllm.data.corpus.CorpusBuilder;
import org.celllm.data.corpus.CorpusSettings;
import org.celllm.data.corpus.CorpusSource;
import org.celllm.data.corpus.SamplingWeights;
import org.celllm.data.corpus.StratumField;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.celllm.network.Preset;
import org.celllm.network.runtime.Precision;
import org.celllm.training.RunSettings.Existing;
import org.celllm.training.genes.GeneEmbeddings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A corpus of 190 normal and 10 cancer cells. */
class WeightedPretrainingTest {
    private static final SamplingWeights DISEASE = SamplingWeights.balanced(StratumField.DISEASE);
    private static final PretrainSettings SETTINGS =
            PretrainSettings.of(Preset.TINY).with(16, 6, 7).with(GeneEmbeddings.RANDOM);
    private static final RunSettings RUN = new RunSettings(6L << 30, 1, Precision.FLOAT32, 0, 2, 2, Existing.REFUSE);

    @TempDir
    static Path folder;

    private static Path corpus;
    /** The model of a run that was not cut off. */
    private static Path whole;

    @BeforeAll
    static void build() throws IOException {
        Path normal = folder.resolve("normal.h5ad");
        Path cancer = folder.resolve("cancer.h5ad");
        new Simulator(SimulationSettings.of(190, 3).withGenes(60)).write(normal, Progress.SILENT);
        new Simulator(SimulationSettings.of(10, 4).withGenes(60)).write(cancer, Progress.SILENT);
        corpus = folder.resolve("corpus");
        CorpusBuilder.build(
                List.of(
                        CorpusSource.of(normal).withDisease(Disease.NORMAL),
                        CorpusSource.of(cancer).withDisease(Disease.CANCER)),
                corpus,
                CorpusSettings.DEFAULT.withFilters(1, 0),
                Progress.SILENT);
        whole = folder.resolve("whole");
        run(DISEASE, SETTINGS, RUN, whole);
    }

    @Test
    void goesOnWithTheSameWeightsAndWithNoOthers() throws IOException {
        Path cut = folder.resolve("cut");
        // Four of the six steps, as if the run had been cut off at its second checkpoint.
        run(DISEASE, SETTINGS.with(16, 4, 7), RUN, cut);
        for (SamplingWeights other : List.of(SamplingWeights.NONE, SamplingWeights.balanced(StratumField.SOURCE))) {
            assertThatThrownBy(() -> run(other, SETTINGS.with(16, 4, 7), RUN.with(Existing.RESUME), cut))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("sampling: balanced by disease then");
        }
        JsonNode run = new ObjectMapper()
                .readTree(whole.resolve("provenance.json").toFile())
                .path("run");
        assertThat(run.path("sampling").asText()).isEqualTo("balanced by disease");

        Path even = folder.resolve("even");
        run(SamplingWeights.NONE, SETTINGS, RUN, even);
        assertThat(Files.readAllBytes(even.resolve("model.safetensors")))
                .isNotEqualTo(Files.readAllBytes(whole.resolve("model.safetensors")));
        assertThat(new ObjectMapper()
                        .readTree(even.resolve("provenance.json").toFile())
                        .path("run")
                        .has("sampling"))
                .as("a run without weights says what it always said")
                .isFalse();
    }

    @Test
    void aRunThatWasCutOffEndsInTheSameBits() throws IOException {
        Path cut = folder.resolve("broken");
        try (TrainingCells cells = CorpusCells.open(corpus, 7, DISEASE)) {
            assertThatThrownBy(() -> new Pretrainer(cells, SETTINGS, RUN, stopAfter(5)).run(cut))
                    .hasMessage("pulled the plug");
        }
        try (TrainingCells cells = CorpusCells.open(corpus, 7, DISEASE)) {
            PretrainResult resumed =
                    new Pretrainer(cells, SETTINGS, RUN.with(Existing.RESUME), Progress.SILENT).run(cut);
            assertThat(resumed.firstStep()).isEqualTo(4);
        }
        assertThat(Files.readAllBytes(cut.resolve("model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.resolve("model.safetensors")));
    }

    @Test
    void thePlanSaysHowCellsAreDrawn() throws IOException {
        try (TrainingCells cells = CorpusCells.open(corpus, 7, DISEASE)) {
            CellBatch batch = cells.batch(3, 64);
            long cancer = java.util.stream.IntStream.range(0, 64)
                    .filter(cell -> batch.disease()[cell] == Disease.CANCER.code())
                    .count();
            assertThat((double) cancer).isCloseTo(32, Offset.offset(16.0));
            assertThat(Arrays.stream(batch.rows()).distinct().count()).isLessThan(64);

            // Cells are told from each other in a batch that holds some twice.
            assertThat(new Pretrainer(cells, SETTINGS.with(32, 6, 7), RUN, Progress.SILENT)
                            .plan()
                            .notes())
                    .anyMatch(note -> note.contains("balanced by disease") && note.contains("cancer 50.0%"))
                    .anyMatch(note -> note.contains("--exclude duplicates"));
        }
    }

    private static Progress stopAfter(int steps) {
        return (name, unit, total) -> new Progress.Task() {
            private int done;

            @Override
            public void advance(long amount) {
                done += name.equals("Pre-training") ? (int) amount : 0;
                if (done >= steps) {
                    throw new IllegalStateException("pulled the plug");
                }
            }

            @Override
            public void note(String text) {}

            @Override
            public void close() {}
        };
    }

    private static void run(SamplingWeights weights, PretrainSettings settings, RunSettings run, Path out)
            throws IOException {
        try (TrainingCells cells = CorpusCells.open(corpus, settings.seed(), weights)) {
            new Pretrainer(cells, settings, run, Progress.SILENT).run(out);
        }
    }
}
