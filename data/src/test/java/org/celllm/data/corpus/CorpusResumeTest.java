package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.celllm.data.InputException;
import org.celllm.data.files.FailingDisk;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A build that is cut off anywhere and goes on ends in the bytes of one that was not. */
class CorpusResumeTest {
    private static final long SEED = Long.getLong("celllm.seed", 2306);
    private static final int SOURCES = 3;
    private static final CorpusSettings SETTINGS = CorpusSettings.DEFAULT.withFilters(1, 0);

    @TempDir
    static Path made;

    private static Path in;
    private static SortedMap<String, String> expected;

    @TempDir
    Path folder;

    @BeforeAll
    static void simulate() throws IOException {
        in = Files.createDirectories(made.resolve("in"));
        for (int i = 0; i < SOURCES; i++) {
            // Different first cells, so labels are numbered in another order by each source than by the corpus.
            new Simulator(SimulationSettings.of(40 + 10 * i, 5 + i)
                            .withGenes(80)
                            .withTypes(5))
                    .write(in.resolve("source" + i + ".h5ad"), Progress.SILENT);
        }
        Files.writeString(in.resolve("broken.h5ad"), "no HDF5 at all");
        build(made.resolve("whole"), BuildRun.usual().withThreads(1));
        expected = content(made.resolve("whole"));
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 3})
    void afterAnyFailedOperationOfTheDiskItGoesOnToTheSameBytes(int threads) throws IOException {
        int failures = 0;
        boolean went = false;
        for (int n = 1; !went; n += threads == 1 ? 1 : 7) {
            Path out = folder.resolve("cut" + n);
            FailingDisk disk = new FailingDisk(n, "the disk is gone");
            try {
                SafeFiles.through(disk, () -> build(out, BuildRun.usual().withThreads(threads)));
                went = !disk.failed();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("the disk is gone");
                failures++;
                assertThat(out).as("operation %s", n).doesNotExist();
                build(out, BuildRun.usual().withThreads(threads).resuming());
            }
            assertThat(content(out)).as("operation %s", n).isEqualTo(expected);
            assertThat(leftOvers()).as("operation %s", n).isEmpty();
            SafeFiles.deleteTree(out);
        }
        assertThat(failures).isGreaterThan(threads == 1 ? 50 : 8);
    }

    @Test
    void finishedSourcesAreNotReadAgainAndChangedOnesAre() throws IOException {
        Path out = folder.resolve("cut");
        cutOff(out);
        List<String> read = Collections.synchronizedList(new ArrayList<>());
        List<String> notices = Collections.synchronizedList(new ArrayList<>());

        build(out, BuildRun.usual().resuming().telling(notices::add), recording(read));
        assertThat(notices).singleElement().asString().contains("going on", "3 sources are finished");
        assertThat(read).isEmpty();
        assertThat(content(out)).isEqualTo(expected);

        SafeFiles.deleteTree(out);
        cutOff(out);
        notices.clear();
        Path changed = in.resolve("source2.h5ad");
        FileTime time = Files.getLastModifiedTime(changed);
        Files.setLastModifiedTime(changed, FileTime.fromMillis(1_000_000));
        try {
            build(out, BuildRun.usual().resuming().telling(notices::add), recording(read));
        } finally {
            Files.setLastModifiedTime(changed, time);
        }
        assertThat(read).containsExactlyInAnyOrder("Genes of source2.h5ad", "Cells of source2.h5ad");
        assertThat(notices).anyMatch(notice -> notice.contains("source2.h5ad has changed"));
        assertThat(content(out)).isEqualTo(expected);
    }

    @Test
    void otherSettingsReadEverySourceAgain() throws IOException {
        Path out = folder.resolve("cut");
        cutOff(out);
        List<String> notices = Collections.synchronizedList(new ArrayList<>());
        CorpusSettings stricter = CorpusSettings.DEFAULT.withFilters(20, 0);

        CorpusBuilder.build(
                sources(), out, stricter, BuildRun.usual().resuming().telling(notices::add), Progress.SILENT);
        CorpusBuilder.build(sources(), folder.resolve("other"), stricter, Progress.SILENT);

        assertThat(notices.stream().filter(notice -> notice.contains("is read again")))
                .hasSize(SOURCES);
        assertThat(content(out)).isEqualTo(content(folder.resolve("other")));
    }

    @Test
    void aSlipInTheCommandThatGoesOnCostsNothing() throws IOException {
        Path out = folder.resolve("cut");
        cutOff(out);
        List<String> read = Collections.synchronizedList(new ArrayList<>());

        assertThatThrownBy(() -> CorpusBuilder.build(
                        List.of(CorpusSource.of(folder.resolve("mistyped.yaml"))),
                        out,
                        SETTINGS,
                        BuildRun.usual().resuming(),
                        Progress.SILENT))
                .isInstanceOf(InputException.class);
        build(out, BuildRun.usual().resuming(), recording(read));

        assertThat(read).isEmpty();
        assertThat(content(out)).isEqualTo(expected);
    }

    @Test
    void withoutResumeWhatIsLeftIsMentionedAndRemoved() throws IOException {
        Path out = folder.resolve("cut");
        cutOff(out);
        assertThat(leftOvers()).hasSize(1);
        List<String> read = Collections.synchronizedList(new ArrayList<>());
        List<String> notices = new ArrayList<>();

        build(out, BuildRun.usual().telling(notices::add), recording(read));

        assertThat(notices).singleElement().asString().contains("removed", "3 finished sources", "--resume");
        assertThat(read).hasSize(2 * SOURCES);
        assertThat(content(out)).isEqualTo(expected);
        assertThat(leftOvers()).isEmpty();
    }

    @Test
    void aFullDiskIsAClearErrorAndFinishedSourcesStay() throws IOException {
        Path out = folder.resolve("full");
        FailingDisk count = new FailingDisk(Integer.MAX_VALUE, "");
        SafeFiles.through(count, () -> build(out, BuildRun.usual().withThreads(1)));
        SafeFiles.deleteTree(out);
        FailingDisk full = new FailingDisk(count.operations() / 2, "No space left on device");
        List<String> notices = new ArrayList<>();

        assertThatThrownBy(() -> SafeFiles.through(
                        full, () -> build(out, BuildRun.usual().withThreads(1).telling(notices::add))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the disk is full");
        assertThat(notices).singleElement().asString().contains("--resume");
        assertThat(out).doesNotExist();
        build(out, BuildRun.usual().resuming());
        assertThat(content(out)).isEqualTo(expected);
    }

    @Test
    void aKilledProcessGoesOnToTheSameBytes() throws Exception {
        KeyedRandom random = KeyedRandom.of(SEED);
        Path out = folder.resolve("killed");
        int kills = 0;
        for (int trial = 0; trial < 4; trial++) {
            Process build = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SlowBuild.class.getName(),
                            in.toString(),
                            out.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            if (!build.waitFor(300 + random.nextInt(1500), TimeUnit.MILLISECONDS)) {
                build.destroyForcibly();
                kills++;
            }
            build.waitFor();
            if (Files.exists(out)) {
                assertThat(content(out)).as("kill %s, seed %s", kills, SEED).isEqualTo(expected);
                SafeFiles.deleteTree(out);
            }
        }
        assertThat(kills).as(Files.readString(folder.resolve("log"))).isPositive();
        build(out, BuildRun.usual().resuming());
        assertThat(content(out)).isEqualTo(expected);
        assertThat(leftOvers()).isEmpty();
    }

    /** A build in a process of its own that waits a little with every rename, so that a kill meets all of it. */
    static final class SlowBuild {
        private SlowBuild() {}

        public static void main(String[] arguments) throws IOException {
            org.celllm.data.files.Disk slow = new org.celllm.data.files.Disk() {
                @Override
                public void rename(Path from, Path to) throws IOException {
                    try {
                        Thread.sleep(20);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    org.celllm.data.files.Disk.super.rename(from, to);
                }
            };
            SafeFiles.through(
                    slow,
                    () -> CorpusBuilder.build(
                            List.of(source(Path.of(arguments[0]))),
                            Path.of(arguments[1]),
                            SETTINGS,
                            BuildRun.usual().withThreads(2).resuming(),
                            Progress.SILENT));
        }
    }

    /** Leaves a build with every source finished and no corpus. */
    private static void cutOff(Path out) throws IOException {
        FailingDisk count = new FailingDisk(Integer.MAX_VALUE, "");
        SafeFiles.through(count, () -> build(out, BuildRun.usual().withThreads(1)));
        SafeFiles.deleteTree(out);
        FailingDisk last = new FailingDisk(count.operations(), "the disk is gone");
        assertThatThrownBy(() -> SafeFiles.through(
                        last, () -> build(out, BuildRun.usual().withThreads(1))))
                .isInstanceOf(IOException.class);
    }

    private static Progress recording(List<String> started) {
        return (name, unit, total) -> {
            started.add(name);
            return Progress.SILENT.start(name, unit, total);
        };
    }

    private static CorpusSource source(Path in) {
        return CorpusSource.of(in)
                .withDiseaseColumn("disease")
                .withTissueColumn("donor")
                .withLabelColumn("cell_type");
    }

    private static List<CorpusSource> sources() {
        return List.of(source(in));
    }

    private static void build(Path out, BuildRun run) throws IOException {
        build(out, run, Progress.SILENT);
    }

    private static void build(Path out, BuildRun run, Progress progress) throws IOException {
        CorpusReport report = CorpusBuilder.build(sources(), out, SETTINGS, run, progress);
        assertThat(report.refused()).hasSize(1);
    }

    private List<Path> leftOvers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    /** Checksums of all files of a corpus by their names. */
    private static SortedMap<String, String> content(Path corpus) throws IOException {
        SortedMap<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(corpus)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(corpus.relativize(file).toString(), Sha256.of(file));
            }
        }
        return content;
    }
}
