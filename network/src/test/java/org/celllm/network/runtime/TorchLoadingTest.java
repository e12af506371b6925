package org.celllm.network.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchLoadingTest {
    private static final int PROCESSES = 3;

    /** Without the lock, two of the three died of SIGBUS in each of three trials. */
    @Test
    void processesThatStartTogetherOnANewMachineDoNotLoadWhatAnotherIsStillWriting(@TempDir Path folder)
            throws Exception {
        Path cache = folder.resolve("cache");
        long start = System.currentTimeMillis() + 3_000;
        List<Process> running = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            running.add(start(folder, cache, start, i));
        }
        for (int i = 0; i < PROCESSES; i++) {
            assertThat(running.get(i).waitFor(5, TimeUnit.MINUTES)).isTrue();
            assertThat(folder.resolve("out" + i)).content().contains("loaded, 1 thread");
            assertThat(running.get(i).exitValue()).isZero();
        }
        assertThat(marks(cache)).isEqualTo(1);
        Process later = start(folder, cache, 0, PROCESSES);
        assertThat(later.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(later.exitValue()).isZero();
    }

    private static long marks(Path cache) throws IOException {
        try (var files = Files.walk(cache)) {
            return files.filter(file -> file.endsWith("celllm-unpacked")).count();
        }
    }

    private static Process start(Path folder, Path cache, long start, int number) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                        "-XX:ErrorFile=" + folder.resolve("error" + number),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Loading.class.getName(),
                        Long.toString(start))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out" + number).toFile())
                .start();
    }

    /** What each process does. */
    static final class Loading {
        private Loading() {}

        public static void main(String[] arguments) throws InterruptedException {
            long wait = Long.parseLong(arguments[0]) - System.currentTimeMillis();
            if (wait > 0) {
                Thread.sleep(wait);
            }
            System.out.println("loaded, " + Torch.configure(1) + " thread");
        }
    }
}
