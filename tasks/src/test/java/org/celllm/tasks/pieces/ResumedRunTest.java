package org.celllm.tasks.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;
import org.celllm.data.progress.Progress;
import org.celllm.network.Pooling;
import org.celllm.network.runtime.Precision;
import org.celllm.network.weights.ModelFolder;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.FileEmbedding;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run over the cells of a file does with one that was cut off before: goes on, removes it, or refuses. */
class ResumedRunTest {
    /** Bytes of a piece of 1,024 cells: its head, 16 numbers and the mapped fraction of each, its checksum. */
    private static final int PIECE = 16 + 4 * 1024 * 17 + 4;

    @TempDir
    static Path made;

    private static SimulatedRuns runs;

    @TempDir
    Path folder;

    @BeforeAll
    static void make() throws IOException {
        runs = SimulatedRuns.in(made);
    }

    @Test
    void threadsDoNotChangeABit() throws IOException {
        Path out = folder.resolve("threads.h5ad");
        runs.embed(out, SimulatedRuns.SETTINGS.withThreads(3), CellRun.usual());
        assertThat(Sha256.of(out)).isEqualTo(runs.embedded());
    }

    @Test
    void finishedCellsAreNotComputedAgainAndCountAsDone() throws IOException {
        Path out = folder.resolve("cut.h5ad");
        runs.cutOff(runs.cells(), out, 2);
        List<String> notices = new ArrayList<>();
        List<Long> done = new ArrayList<>();
        Progress progress = (name, unit, total) -> new Progress.Task() {
            @Override
            public void advance(long amount) {
                done.add(amount);
            }

            @Override
            public void note(String text) {}

            @Override
            public void close() {}
        };

        FileEmbedding embedding = runs.embed(
                out,
                SimulatedRuns.SETTINGS,
                CellRun.usual().resuming().telling(notices::add).with(progress));

        assertThat(notices)
                .singleElement()
                .asString()
                .startsWith("going on with a run for " + out + " that was cut off: 2,048 cells are finished");
        assertThat(done).containsExactly(2048L, 52L);
        assertThat(embedding.before()).isEqualTo(2048);
        assertThat(embedding.cells()).isEqualTo(SimulatedRuns.CELLS);
        assertThat(Sha256.of(out)).isEqualTo(runs.embedded());
        assertThat(SimulatedRuns.leftOvers(folder)).isEmpty();
    }

    @Test
    void withoutResumeWhatIsLeftIsMentionedAndRemoved() throws IOException {
        Path out = folder.resolve("cut.h5ad");
        runs.cutOff(runs.cells(), out, 2);
        Files.writeString(folder.resolve(".cut.h5ad.999999999.tmp"), "of a process that was killed while it wrote");
        List<String> notices = new ArrayList<>();

        FileEmbedding embedding =
                runs.embed(out, SimulatedRuns.SETTINGS, CellRun.usual().telling(notices::add));

        assertThat(notices).singleElement().asString().contains("removed", "2,048 cells", "--resume");
        assertThat(embedding.before()).isZero();
        assertThat(Sha256.of(out)).isEqualTo(runs.embedded());
        assertThat(SimulatedRuns.leftOvers(folder)).isEmpty();
    }

    @Test
    void whatWouldGiveOtherResultsIsRefusedAndCostsNothing() throws IOException {
        Path out = folder.resolve("cut.h5ad");
        Path changing = Files.copy(runs.cells(), folder.resolve("changing.h5ad"));
        FileTime time = Files.getLastModifiedTime(changing);
        runs.cutOff(changing, out, 2);
        Path otherModel = SimulatedRuns.anotherModel(folder.resolve("model"));
        byte[] weights = Files.readAllBytes(otherModel.resolve(ModelFolder.WEIGHTS));
        weights[weights.length - 4] ^= 1;
        Files.write(otherModel.resolve(ModelFolder.WEIGHTS), weights);

        refused(
                "pool: cls then, mean now",
                () -> embed(runs.model(), changing, out, SimulatedRuns.SETTINGS.with(Pooling.MEAN)));
        refused(
                "precision: float32 then",
                () -> embed(runs.model(), changing, out, SimulatedRuns.SETTINGS.with(Precision.FLOAT64)));
        refused("model: ", () -> embed(otherModel, changing, out, SimulatedRuns.SETTINGS));
        refused(
                "run: embeddings then, labels now",
                () -> runs.predict(out, 0.5, CellRun.usual().resuming()));
        Files.setLastModifiedTime(changing, FileTime.fromMillis(1_000_000));
        refused("file: ", () -> embed(runs.model(), changing, out, SimulatedRuns.SETTINGS));
        Files.setLastModifiedTime(changing, time);
        byte[] bytes = Files.readAllBytes(changing);
        bytes[bytes.length - 1] ^= 1;
        Files.write(changing, bytes);
        Files.setLastModifiedTime(changing, time);
        refused("sample", () -> embed(runs.model(), changing, out, SimulatedRuns.SETTINGS));
        bytes[bytes.length - 1] ^= 1;
        Files.write(changing, bytes);
        Files.setLastModifiedTime(changing, time);

        assertThat(embed(runs.model(), changing, out, SimulatedRuns.SETTINGS).before())
                .isEqualTo(2048);
        assertThat(Sha256.of(out)).isEqualTo(runs.embedded());
    }

    @Test
    void anotherThresholdIsRefused() throws IOException {
        Path out = folder.resolve("cut.csv");
        runs.annotator();
        assertThatThrownBy(() -> SafeFiles.through(new FailingDisk(6), () -> runs.predict(out, 0.5, CellRun.usual())))
                .isInstanceOf(IOException.class);
        refused(
                "threshold: 0.5 then, 0.7 now",
                () -> runs.predict(out, 0.7, CellRun.usual().resuming()));
        refused(
                "run: labels then, sensitivities now",
                () -> runs.predictSensitivity(out, 0.5, CellRun.usual().resuming()));
        runs.predict(out, 0.5, CellRun.usual().resuming());
        assertThat(SimulatedRuns.leftOvers(folder)).isEmpty();
    }

    @Test
    void aDamagedPieceIsNoticedAndComputedAgain() throws IOException {
        Path out = folder.resolve("cut.h5ad");
        runs.cutOff(runs.cells(), out, 2);
        Path pieces = SimulatedRuns.leftOvers(folder).get(0).resolve("cells");
        byte[] bytes = Files.readAllBytes(pieces);
        bytes[PIECE + PIECE / 2] ^= 4;
        Files.write(pieces, bytes);
        List<String> notices = new ArrayList<>();

        FileEmbedding embedding = runs.embed(
                out, SimulatedRuns.SETTINGS, CellRun.usual().resuming().telling(notices::add));

        assertThat(notices).singleElement().asString().contains("1,024 cells are finished", "was not whole");
        assertThat(embedding.before()).isEqualTo(1024);
        assertThat(Sha256.of(out)).isEqualTo(runs.embedded());
    }

    private void refused(String difference, SafeFiles.Work work) throws IOException {
        List<Path> before = SimulatedRuns.leftOvers(folder);
        assertThatThrownBy(work::run)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--resume")
                .hasMessageContaining(difference);
        assertThat(SimulatedRuns.leftOvers(folder)).isEqualTo(before);
    }

    private static FileEmbedding embed(Path model, Path in, Path out, EmbedSettings settings) throws IOException {
        return SimulatedRuns.embed(model, in, out, settings, CellRun.usual().resuming());
    }
}
