package org.celllm.tasks.pieces;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.celllm.data.files.Disk;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run over the cells of a file whose process is killed goes on to the bytes of one that was not. */
class KilledRunTest {
    private static final long SEED = Long.getLong("celllm.seed", 2306);

    /** Operations of the disk, counted from 1: among the first pieces, then each time further on, as runs go on. */
    private static final int[] OPERATIONS = {4, 1, 3};

    @Test
    void aKilledProcessGoesOnToTheSameBytes(@TempDir Path made, @TempDir Path folder) throws Exception {
        SimulatedRuns runs = SimulatedRuns.in(made);
        KeyedRandom random = KeyedRandom.of(SEED);
        Path out = folder.resolve("killed.h5ad");
        int kills = 0;
        for (int operation : OPERATIONS) {
            kills += killed(runs, out, operation + random.nextInt(2), random.nextInt(150)) ? 1 : 0;
            if (Files.exists(out)) {
                assertThat(Sha256.of(out)).as("kill %s, seed %s", kills, SEED).isEqualTo(runs.embedded());
                Files.delete(out);
            }
        }
        assertThat(kills).as("runs that were not done before they were killed").isPositive();
        runs.embed(out, SimulatedRuns.SETTINGS, CellRun.usual().resuming());
        assertThat(Sha256.of(out)).isEqualTo(runs.embedded());
        assertThat(SimulatedRuns.leftOvers(folder)).isEmpty();
    }

    /** Starts a run and kills it so long after it began an operation of the disk; whether it came to that. */
    private static boolean killed(SimulatedRuns runs, Path out, int operation, int milliseconds) throws Exception {
        Process run = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.bytedeco.javacpp.nopointergc=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SlowRun.class.getName(),
                        runs.model().toString(),
                        runs.cells().toString(),
                        out.toString())
                .redirectErrorStream(true)
                .start();
        StringBuilder said = new StringBuilder();
        boolean reached;
        try (BufferedReader lines = run.inputReader()) {
            String line = lines.readLine();
            while (line != null && !line.equals("operation " + operation)) {
                said.append(line).append('\n');
                line = lines.readLine();
            }
            reached = line != null;
            if (reached) {
                Thread.sleep(milliseconds);
                run.destroyForcibly();
            }
        }
        int code = run.waitFor();
        assertThat(reached || code == 0).as(said.toString()).isTrue();
        return reached && code != 0;
    }

    /** A run in a process of its own that tells of every operation of the disk and waits a little before and in it. */
    static final class SlowRun {
        private SlowRun() {}

        public static void main(String[] arguments) throws IOException {
            Disk slow = new Disk() {
                private int operations;

                @Override
                public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
                    begin();
                    int all = bytes.limit();
                    bytes.limit(bytes.position() + bytes.remaining() / 2);
                    Disk.super.write(channel, bytes);
                    sleep();
                    bytes.limit(all);
                    Disk.super.write(channel, bytes);
                }

                @Override
                public void sync(Path file) throws IOException {
                    begin();
                    Disk.super.sync(file);
                }

                @Override
                public void rename(Path from, Path to) throws IOException {
                    begin();
                    Disk.super.rename(from, to);
                    sleep();
                }

                private void begin() {
                    System.out.println("operation " + ++operations);
                    sleep();
                }

                private void sleep() {
                    try {
                        Thread.sleep(60);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            };
            SafeFiles.through(
                    slow,
                    () -> SimulatedRuns.embed(
                            Path.of(arguments[0]),
                            Path.of(arguments[1]),
                            Path.of(arguments[2]),
                            SimulatedRuns.SETTINGS,
                            CellRun.usual().resuming()));
        }
    }
}
