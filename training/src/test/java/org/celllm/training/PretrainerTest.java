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
import java.util.Set;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.progress.Progress;
import org.celllm.network.Preset;
import org.celllm.training.RunSettings.Existing;
import org.celllm.training.objective.Contrast;
import org.celllm.training.objective.Objectives;
import org.celllm.training.views.ViewSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainerTest {
    private static final long SEED = Long.getLong("celllm.seed", 7);
    private static final PretrainSettings SETTINGS = PretrainSettings.of(Preset.TINY)
            .with(8, 6, SEED)
            .with(new ViewSettings(0.3, 0.9, 0.15, 0.9, 0.1), Objectives.DEFAULT);
    private static final RunSettings RUN =
            new RunSettings(6L << 30, 1, org.celllm.network.runtime.Precision.FLOAT32, 2, 2, 2, Existing.REFUSE);

    @TempDir
    Path folder;

    private final CellBatch batch = RandomCells.of(SEED, 40, 60, 24);

    private TrainingCells cells(String hash) {
        return new MemoryCells(batch, 60, SEED, hash);
    }

    @Test
    void theLossOfEveryObjectiveFalls() throws IOException {
        PretrainSettings longer = SETTINGS.with(24, 80, SEED);
        RunSettings rarely =
                new RunSettings(6L << 30, 1, org.celllm.network.runtime.Precision.FLOAT32, 40, 40, 2, Existing.REFUSE);
        Path model = folder.resolve("model");
        new Pretrainer(cells("a"), longer, rarely, Progress.SILENT).run(model);
        List<JsonNode> lines = trained(model);
        for (String name : List.of("masked", "disease", "contrastive")) {
            assertThat(mean(lines.subList(70, 80), name))
                    .as("%s, seed %s", name, SEED)
                    .isLessThan(0.97 * mean(lines.subList(0, 5), name));
        }
    }

    @Test
    void aModelStaysUntilTheOneThatReplacesItIsWhole() throws IOException {
        Path model = folder.resolve("model");
        new Pretrainer(cells("a"), SETTINGS, RUN, Progress.SILENT).run(model);
        byte[] before = Files.readAllBytes(model.resolve("model.safetensors"));
        RunSettings replacing = RUN.with(Existing.REPLACE);
        PretrainSettings other = SETTINGS.with(8, 6, SEED + 1);
        Path kept = ReplacedModel.path(model);
        // Cut off twice: the second run finds no model in its place, and must not take that for the one to keep.
        for (int twice = 0; twice < 2; twice++) {
            assertThatThrownBy(() -> new Pretrainer(cells("a"), other, replacing, stopAfter(3)).run(model))
                    .hasMessage("pulled the plug");
            assertThat(kept.resolve("model.safetensors")).hasBinaryContent(before);
        }
        new Pretrainer(cells("a"), other, RUN.with(Existing.RESUME), Progress.SILENT).run(model);
        assertThat(kept).doesNotExist();
        assertThat(Files.readAllBytes(model.resolve("model.safetensors"))).isNotEqualTo(before);
    }

    @Test
    void aRunThatWasCutOffEndsInTheSameBits() throws IOException {
        Path whole = folder.resolve("whole");
        new Pretrainer(cells("a"), SETTINGS, RUN, Progress.SILENT).run(whole);
        Path cut = folder.resolve("cut");
        assertThatThrownBy(() -> new Pretrainer(cells("a"), SETTINGS, RUN, stopAfter(5)).run(cut))
                .hasMessage("pulled the plug");
        assertThat(cut.resolve("config.json")).doesNotExist();
        PretrainResult resumed =
                new Pretrainer(cells("a"), SETTINGS, RUN.with(Existing.RESUME), Progress.SILENT).run(cut);
        assertThat(resumed.firstStep()).isEqualTo(4);
        assertThat(Files.readAllBytes(cut.resolve("model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.resolve("model.safetensors")));
        assertThat(trained(cut).stream()
                        .map(line -> line.path("loss").asDouble())
                        .toList())
                .isEqualTo(trained(whole).stream()
                        .map(line -> line.path("loss").asDouble())
                        .toList());
    }

    @Test
    void whatTheContrastLearnsIsPartOfARun() throws IOException {
        Objectives pairs = SETTINGS.objectives()
                .with(new Contrast(Contrast.Kind.SIGLIP, 0.5, true, Set.of(Contrast.Exclusion.values())));
        PretrainSettings settings = SETTINGS.with(SETTINGS.views(), pairs);
        Path whole = folder.resolve("whole");
        PretrainResult result = new Pretrainer(cells("a"), settings, RUN, Progress.SILENT).run(whole);
        assertThat(result.last().temperature()).isNotEqualTo(0.5).isBetween(0.3, 0.7);
        Path cut = folder.resolve("cut");
        assertThatThrownBy(() -> new Pretrainer(cells("a"), settings, RUN, stopAfter(5)).run(cut))
                .hasMessage("pulled the plug");
        PretrainResult resumed =
                new Pretrainer(cells("a"), settings, RUN.with(Existing.RESUME), Progress.SILENT).run(cut);
        assertThat(resumed.last().temperature()).isEqualTo(result.last().temperature());
        assertThat(Files.readAllBytes(cut.resolve("model.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.resolve("model.safetensors")));
    }

    @Test
    void labelsThatAreNotThereCannotBeExcluded() {
        Objectives byLabel = SETTINGS.objectives()
                .with(new Contrast(Contrast.Kind.INFONCE, 0.1, false, Set.of(Contrast.Exclusion.LABEL)));
        assertThatThrownBy(() -> new Pretrainer(
                        new MemoryCells(RandomCells.withoutLabels(RandomCells.of(SEED, 40, 60, 20)), 60, SEED, "a"),
                        SETTINGS.with(SETTINGS.views(), byLabel),
                        RUN,
                        Progress.SILENT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--label-column");
    }

    @Test
    void anotherSeedEndsInOtherBits() throws IOException {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        new Pretrainer(cells("a"), SETTINGS, RUN, Progress.SILENT).run(one);
        new Pretrainer(cells("a"), SETTINGS.with(8, 6, SEED + 1), RUN, Progress.SILENT).run(two);
        assertThat(Files.readAllBytes(one.resolve("model.safetensors")))
                .isNotEqualTo(Files.readAllBytes(two.resolve("model.safetensors")));
    }

    @Test
    void aDamagedNewestCheckpointIsPassedOver() throws IOException {
        Path model = folder.resolve("model");
        assertThatThrownBy(() -> new Pretrainer(cells("a"), SETTINGS, RUN, stopAfter(5)).run(model))
                .hasMessage("pulled the plug");
        Path newest = model.resolve("checkpoints/step-000000004.safetensors");
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(newest, bytes);
        PretrainResult resumed =
                new Pretrainer(cells("a"), SETTINGS, RUN.with(Existing.RESUME), Progress.SILENT).run(model);
        assertThat(resumed.firstStep()).isEqualTo(2);
    }

    @Test
    void whatDiffersIsRefusedByNameUnlessForced() throws IOException {
        Path model = folder.resolve("model");
        assertThatThrownBy(() -> new Pretrainer(cells("a"), SETTINGS, RUN, stopAfter(5)).run(model))
                .hasMessage("pulled the plug");
        PretrainSettings other = SETTINGS.with(6, 6, SEED);
        assertThatThrownBy(
                        () -> new Pretrainer(cells("b"), other, RUN.with(Existing.RESUME), Progress.SILENT).run(model))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("corpus: a then, b now")
                .hasMessageContaining("settings.batch: 8 then, 6 now");
        new Pretrainer(cells("b"), other, RUN.with(Existing.RESUME_ANYWAY), Progress.SILENT).run(model);
        assertThat(Files.readString(model.resolve("provenance.json"))).contains("although it differs");
    }

    @Test
    void aFolderThatIsThereIsRefused() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        assertThatThrownBy(() -> new Pretrainer(cells("a"), SETTINGS, RUN, Progress.SILENT).run(model))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--force");
        assertThat(model).isEmptyDirectory();
    }

    @Test
    void aBatchLargerThanTheCorpusTakesAllOfItAndSaysSo() {
        PretrainPlan plan = new Pretrainer(cells("a"), SETTINGS.with(1000, 6, SEED), RUN, Progress.SILENT).plan();
        assertThat(plan.batch()).isEqualTo(35);
        assertThat(plan.notes()).anyMatch(note -> note.contains("larger than the corpus"));
    }

    @Test
    void aCorpusWithoutCancerTrainsWithoutThatObjectiveAndSaysSo() throws IOException {
        Arrays.fill(batch.disease(), (byte) 1);
        Path model = folder.resolve("model");
        PretrainResult result = new Pretrainer(cells("a"), SETTINGS, RUN, Progress.SILENT).run(model);
        assertThat(result.last().disease()).isNaN();
        assertThat(result.plan().notes()).anyMatch(note -> note.contains("normal versus cancer is off"));
    }

    @Test
    void tooLittleMemoryIsRefusedWithTheLeastThatWouldDo() {
        RunSettings little =
                new RunSettings(64L << 20, 2, org.celllm.network.runtime.Precision.FLOAT32, 4, 4, 2, Existing.REFUSE);
        assertThatThrownBy(() -> new Pretrainer(cells("a"), SETTINGS, little, Progress.SILENT).plan())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected at least");
    }

    private static List<JsonNode> trained(Path model) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines = new java.util.ArrayList<>();
        for (String line : Files.readAllLines(model.resolve("metrics.jsonl"))) {
            JsonNode entry = json.readTree(line);
            if (entry.path("kind").asText().equals("train")) {
                lines.add(entry);
            }
        }
        return lines;
    }

    private static double mean(List<JsonNode> lines, String name) {
        return lines.stream()
                .mapToDouble(line -> line.path(name).asDouble())
                .average()
                .orElseThrow();
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
}
