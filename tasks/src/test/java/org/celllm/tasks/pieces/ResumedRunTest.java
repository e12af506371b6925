package org.celllm.tasks.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.celllm.data.InputException;
import org.celllm.data.files.Disk;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.Pooling;
import org.celllm.network.runtime.Precision;
import org.celllm.network.weights.ModelFolder;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.annotate.Annotator;
import org.celllm.tasks.annotate.AnnotatorFit;
import org.celllm.tasks.annotate.AnnotatorSettings;
import org.celllm.tasks.annotate.FilePredictions;
import org.celllm.tasks.annotate.PredictionFiles;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingFiles;
import org.celllm.tasks.embed.FileEmbedding;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run over the cells of a file that is cut off anywhere and goes on ends in the bytes of one that was not. */
class ResumedRunTest {
    private static final long SEED = Long.getLong("celllm.seed", 2306);
    /** Three pieces. */
    private static final int CELLS = 2_500;

    /** Bytes of a piece of 1,024 cells: its head, 16 numbers and the mapped fraction of each, its checksum. */
    private static final int PIECE = 16 + 4 * 1024 * 17 + 4;

    private static final EmbedSettings SETTINGS = EmbedSettings.usual().withThreads(1);

    @TempDir
    static Path made;

    private static Path model;
    private static Path annotator;
    private static Path cells;
    private static String embedded;

    @TempDir
    Path folder;

    @BeforeAll
    static void make() throws IOException {
        model = SimulatedCells.model(made.resolve("model"), SimulatedCells.of(CELLS, 1));
        cells = SimulatedCells.write(made.resolve("cells.h5ad"), CELLS, 1);
        Path labelled = SimulatedCells.write(made.resolve("labelled.h5ad"), 120, 1);
        annotator = made.resolve("annotator");
        AnnotatorFit.fit(
                        model, labelled, "cell_type", AnnotatorSettings.usual(0).withSeeds(1), Progress.SILENT)
                .save(annotator);
        Path whole = made.resolve("whole.h5ad");
        embed(whole, SETTINGS, CellRun.usual());
        embedded = Sha256.of(whole);
    }

    @Test
    void afterAnyFailedOperationOfTheDiskEmbeddingGoesOnToTheSameBytes() throws IOException {
        FileEmbedding expected = embed(folder.resolve("whole.h5ad"), SETTINGS, CellRun.usual());
        int failures = afterAnyFailure(
                folder.resolve("cut.h5ad"),
                run -> assertThat(
                                embed(folder.resolve("cut.h5ad"), SETTINGS, run).meanMappedFraction())
                        .isEqualTo(expected.meanMappedFraction()));
        assertThat(Sha256.of(folder.resolve("cut.h5ad"))).isEqualTo(embedded);
        assertThat(failures).isGreaterThan(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut.csv", "cut.h5ad"})
    void afterAnyFailedOperationOfTheDiskNamingGoesOnToTheSameBytes(String name) throws IOException {
        Path whole = folder.resolve("whole" + name);
        FilePredictions expected = predict(whole, 0.6, CellRun.usual());
        assertThat(expected.counts()[4]).as("some are unassigned").isPositive();
        Path out = folder.resolve(name);
        int failures = afterAnyFailure(
                out, run -> assertThat(predict(out, 0.6, run).counts()).containsExactly(expected.counts()));
        assertThat(out).hasSameBinaryContentAs(whole);
        assertThat(failures).isGreaterThan(8);
    }

    @Test
    void threadsDoNotChangeABit() throws IOException {
        Path out = folder.resolve("threads.h5ad");
        embed(out, SETTINGS.withThreads(3), CellRun.usual());
        assertThat(Sha256.of(out)).isEqualTo(embedded);
    }

    @Test
    void finishedCellsAreNotComputedAgainAndCountAsDone() throws IOException {
        Path out = folder.resolve("cut.h5ad");
        cutOff(out, 2);
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

        FileEmbedding embedding = embed(
                out, SETTINGS, CellRun.usual().resuming().telling(notices::add).with(progress));

        assertThat(notices)
                .singleElement()
                .asString()
                .startsWith("going on with a run for " + out + " that was cut off: 2,048 cells are finished");
        assertThat(done).containsExactly(2048L, 452L);
        assertThat(embedding.before()).isEqualTo(2048);
        assertThat(embedding.cells()).isEqualTo(CELLS);
        assertThat(Sha256.of(out)).isEqualTo(embedded);
        assertThat(leftOvers()).isEmpty();
    }

    @Test
    void withoutResumeWhatIsLeftIsMentionedAndRemoved() throws IOException {
        Path out = folder.resolve("cut.h5ad");
        cutOff(out, 2);
        Files.writeString(folder.resolve(".cut.h5ad.999999999.tmp"), "of a process that was killed while it wrote");
        List<String> notices = new ArrayList<>();

        FileEmbedding embedding = embed(out, SETTINGS, CellRun.usual().telling(notices::add));

        assertThat(notices).singleElement().asString().contains("removed", "2,048 cells", "--resume");
        assertThat(embedding.before()).isZero();
        assertThat(Sha256.of(out)).isEqualTo(embedded);
        assertThat(leftOvers()).isEmpty();
    }

    @Test
    void whatWouldGiveOtherResultsIsRefusedAndCostsNothing() throws IOException {
        Path out = folder.resolve("cut.h5ad");
        Path changing = Files.copy(cells, folder.resolve("changing.h5ad"));
        FileTime time = Files.getLastModifiedTime(changing);
        cutOff(changing, out, 2);
        Path otherModel = SimulatedCells.model(folder.resolve("model"), SimulatedCells.of(CELLS, 1));
        byte[] weights = Files.readAllBytes(otherModel.resolve(ModelFolder.WEIGHTS));
        weights[weights.length - 4] ^= 1;
        Files.write(otherModel.resolve(ModelFolder.WEIGHTS), weights);

        refused("pool: cls then, mean now", () -> embed(model, changing, out, SETTINGS.with(Pooling.MEAN)));
        refused("precision: float32 then", () -> embed(model, changing, out, SETTINGS.with(Precision.FLOAT64)));
        refused("model: ", () -> embed(otherModel, changing, out, SETTINGS));
        refused(
                "run: embeddings then, labels now",
                () -> predict(out, 0.5, CellRun.usual().resuming()));
        Files.setLastModifiedTime(changing, FileTime.fromMillis(1_000_000));
        refused("file: ", () -> embed(model, changing, out, SETTINGS));
        Files.setLastModifiedTime(changing, time);
        byte[] bytes = Files.readAllBytes(changing);
        bytes[bytes.length - 1] ^= 1;
        Files.write(changing, bytes);
        Files.setLastModifiedTime(changing, time);
        refused("sample", () -> embed(model, changing, out, SETTINGS));
        bytes[bytes.length - 1] ^= 1;
        Files.write(changing, bytes);
        Files.setLastModifiedTime(changing, time);

        assertThat(embed(model, changing, out, SETTINGS).before()).isEqualTo(2048);
        assertThat(Sha256.of(out)).isEqualTo(embedded);
    }

    @Test
    void anotherThresholdIsRefused() throws IOException {
        Path out = folder.resolve("cut.csv");
        assertThatThrownBy(() -> SafeFiles.through(new FailingDisk(6), () -> predict(out, 0.5, CellRun.usual())))
                .isInstanceOf(IOException.class);
        refused(
                "threshold: 0.5 then, 0.7 now",
                () -> predict(out, 0.7, CellRun.usual().resuming()));
        predict(out, 0.5, CellRun.usual().resuming());
        assertThat(leftOvers()).isEmpty();
    }

    @Test
    void aDamagedPieceIsNoticedAndComputedAgain() throws IOException {
        Path out = folder.resolve("cut.h5ad");
        cutOff(out, 2);
        Path pieces = leftOvers().get(0).resolve("cells");
        byte[] bytes = Files.readAllBytes(pieces);
        bytes[PIECE + PIECE / 2] ^= 4;
        Files.write(pieces, bytes);
        List<String> notices = new ArrayList<>();

        FileEmbedding embedding =
                embed(out, SETTINGS, CellRun.usual().resuming().telling(notices::add));

        assertThat(notices).singleElement().asString().contains("1,024 cells are finished", "was not whole");
        assertThat(embedding.before()).isEqualTo(1024);
        assertThat(Sha256.of(out)).isEqualTo(embedded);
    }

    @Test
    void aFullDiskIsAClearErrorAndFinishedCellsStay() throws IOException {
        Path out = folder.resolve("cut.h5ad");
        List<String> notices = new ArrayList<>();
        assertThatThrownBy(() -> SafeFiles.through(
                        new FailingDisk(6, "No space left on device"),
                        () -> embed(out, SETTINGS, CellRun.usual().telling(notices::add))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the disk is full");
        assertThat(notices).singleElement().asString().contains("2,048 cells are finished", "--resume");
        assertThat(embed(out, SETTINGS, CellRun.usual().resuming()).before()).isEqualTo(2048);
        assertThat(Sha256.of(out)).isEqualTo(embedded);
    }

    @Test
    void aKilledProcessGoesOnToTheSameBytes() throws Exception {
        KeyedRandom random = KeyedRandom.of(SEED);
        Path out = folder.resolve("killed.h5ad");
        int kills = 0;
        for (int trial = 0; trial < 5; trial++) {
            Process run = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-Dorg.bytedeco.javacpp.nopointergc=true",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SlowRun.class.getName(),
                            model.toString(),
                            cells.toString(),
                            out.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            if (!run.waitFor(1500 + random.nextInt(2500), TimeUnit.MILLISECONDS)) {
                run.destroyForcibly();
                kills++;
            }
            run.waitFor();
            if (Files.exists(out)) {
                assertThat(Sha256.of(out)).as("kill %s, seed %s", kills, SEED).isEqualTo(embedded);
                Files.delete(out);
            }
        }
        assertThat(kills).as(Files.readString(folder.resolve("log"))).isPositive();
        embed(out, SETTINGS, CellRun.usual().resuming());
        assertThat(Sha256.of(out)).isEqualTo(embedded);
        assertThat(leftOvers()).isEmpty();
    }

    /** A run in a process of its own that waits a little with every operation of the disk, so that a kill meets all of it. */
    static final class SlowRun {
        private SlowRun() {}

        public static void main(String[] arguments) throws IOException {
            Disk slow = new Disk() {
                @Override
                public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
                    sleep();
                    Disk.super.write(channel, bytes);
                }

                @Override
                public void rename(Path from, Path to) throws IOException {
                    sleep();
                    Disk.super.rename(from, to);
                    sleep();
                }

                private void sleep() {
                    try {
                        Thread.sleep(300);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            };
            SafeFiles.through(
                    slow, () -> embed(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]), SETTINGS));
        }
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
            assertThat(leftOvers()).as("operation %s", n).isEmpty();
            if (went) {
                assertThat(disk.failed()).isFalse();
                return failures;
            }
        }
    }

    /** Leaves a run with so many pieces finished and no output: the disk fails at the next one. */
    private void cutOff(Path out, int pieces) throws IOException {
        cutOff(cells, out, pieces);
    }

    private void cutOff(Path in, Path out, int pieces) throws IOException {
        // The basis takes a write, a sync and a rename.
        FailingDisk disk = new FailingDisk(3 + pieces + 1);
        assertThatThrownBy(() -> SafeFiles.through(disk, () -> {
                    try (CellEmbedder embedder = CellEmbedder.open(model, SETTINGS)) {
                        EmbeddingFiles.embedFile(embedder, in, out, CellRun.usual());
                    }
                }))
                .isInstanceOf(IOException.class);
        assertThat(leftOvers()).hasSize(1);
        assertThat(PieceFile.claimed(leftOvers().get(0).resolve("cells"))).isEqualTo(pieces * 1024);
    }

    private void refused(String difference, SafeFiles.Work work) throws IOException {
        List<Path> before = leftOvers();
        assertThatThrownBy(work::run)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--resume")
                .hasMessageContaining(difference);
        assertThat(leftOvers()).isEqualTo(before);
    }

    private static FileEmbedding embed(Path out, EmbedSettings settings, CellRun run) throws IOException {
        try (CellEmbedder embedder = CellEmbedder.open(model, settings)) {
            return EmbeddingFiles.embedFile(embedder, cells, out, run);
        }
    }

    private static FileEmbedding embed(Path model, Path in, Path out, EmbedSettings settings) throws IOException {
        try (CellEmbedder embedder = CellEmbedder.open(model, settings)) {
            return EmbeddingFiles.embedFile(embedder, in, out, CellRun.usual().resuming());
        }
    }

    private static FilePredictions predict(Path out, double threshold, CellRun run) throws IOException {
        try (Annotator opened = Annotator.open(annotator, SETTINGS)) {
            return PredictionFiles.predictFile(opened, cells, out, threshold, run);
        }
    }

    private List<Path> leftOvers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
