package org.celllm.tasks.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;
import org.celllm.tasks.annotate.FilePredictions;
import org.celllm.tasks.embed.FileEmbedding;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever operation of the disk fails, a run over the cells of a file goes on to the bytes of one that met no failure. */
class RunFaultsTest {
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
    void afterAnyFailedOperationOfTheDiskEmbeddingGoesOnToTheSameBytes() throws IOException {
        FileEmbedding expected = runs.embed(folder.resolve("whole.h5ad"), SimulatedRuns.SETTINGS, CellRun.usual());
        int failures = afterAnyFailure(
                folder.resolve("cut.h5ad"),
                run -> assertThat(runs.embed(folder.resolve("cut.h5ad"), SimulatedRuns.SETTINGS, run)
                                .meanMappedFraction())
                        .isEqualTo(expected.meanMappedFraction()));
        assertThat(Sha256.of(folder.resolve("cut.h5ad"))).isEqualTo(runs.embedded());
        assertThat(failures).isGreaterThan(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut.csv", "cut.h5ad"})
    void afterAnyFailedOperationOfTheDiskNamingGoesOnToTheSameBytes(String name) throws IOException {
        FilePredictions expected = goesOnToTheSameBytes(name, (out, run) -> runs.predict(out, 0.6, run));
        assertThat(expected.counts()[4]).as("some are unassigned").isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut.csv", "cut.h5ad"})
    void afterAnyFailedOperationOfTheDiskSensitivitiesGoOnToTheSameBytes(String name) throws IOException {
        FilePredictions expected = goesOnToTheSameBytes(name, (out, run) -> runs.predictSensitivity(out, 0.4, run));
        assertThat(expected.counts()[0]).as("resistant").isPositive();
        assertThat(expected.counts()[1]).as("sensitive").isPositive();
    }

    @FunctionalInterface
    private interface Prediction {
        FilePredictions into(Path out, CellRun run) throws IOException;
    }

    private FilePredictions goesOnToTheSameBytes(String name, Prediction prediction) throws IOException {
        Path whole = folder.resolve("whole" + name);
        FilePredictions expected = prediction.into(whole, CellRun.usual());
        Path out = folder.resolve(name);
        int failures = afterAnyFailure(
                out, run -> assertThat(prediction.into(out, run).counts()).containsExactly(expected.counts()));
        assertThat(out).hasSameBinaryContentAs(whole);
        assertThat(failures).isGreaterThan(8);
        return expected;
    }

    @Test
    void aFullDiskIsAClearErrorAndFinishedCellsStay() throws IOException {
        Path out = folder.resolve("cut.h5ad");
        List<String> notices = new ArrayList<>();
        assertThatThrownBy(() -> SafeFiles.through(
                        new FailingDisk(6, "No space left on device"),
                        () -> runs.embed(
                                out, SimulatedRuns.SETTINGS, CellRun.usual().telling(notices::add))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the disk is full");
        assertThat(notices).singleElement().asString().contains("2,048 cells are finished", "--resume");
        assertThat(runs.embed(out, SimulatedRuns.SETTINGS, CellRun.usual().resuming())
                        .before())
                .isEqualTo(2048);
        assertThat(Sha256.of(out)).isEqualTo(runs.embedded());
    }

    @FunctionalInterface
    private interface Run {
        void with(CellRun run) throws IOException;
    }

    /** Lets the first, second, … operation of the disk fail until none does, each time goes on; how many failed. */
    private int afterAnyFailure(Path out, Run work) throws IOException {
        String expected = "";
        int failures = 0;
        for (int n = 1; ; n++) {
            FailingDisk disk = new FailingDisk(n);
            boolean went = true;
            Files.deleteIfExists(out);
            try {
                SafeFiles.through(disk, () -> work.with(CellRun.usual()));
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("the disk is gone");
                assertThat(out).as("operation %s", n).doesNotExist();
                went = false;
                failures++;
                work.with(CellRun.usual().resuming());
            }
            String bytes = Sha256.of(out);
            assertThat(bytes).as("operation %s", n).isEqualTo(expected.isEmpty() ? bytes : expected);
            expected = bytes;
            assertThat(SimulatedRuns.leftOvers(folder)).as("operation %s", n).isEmpty();
            if (went) {
                assertThat(disk.failed()).isFalse();
                return failures;
            }
        }
    }
}
