package org.celllm.network.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.Dropouts;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.PaddingMode;
import org.celllm.network.RandomCells;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NativeMemoryTest {
    /** Bytes of the smallest activation of the cells below: 555 positions of 64 numbers. */
    private static final int SMALLEST = 4 * 555 * 64;

    private static final int STEPS = 120;

    /** Forgetting one activation a step would show as 17 MB. */
    private static final long MOST = 12L << 20;

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void encodingAndItsGradientLeaveNothingBehind(Precision precision) {
        Assumptions.assumeTrue(ResidentMemory.peak().isPresent(), "skipped: this system does not say what is resident");
        Torch.configure(1);
        NetworkConfig config = new NetworkConfig(64, 1, 2, 8, 16, 1, 8, 200, 64, false, PaddingMode.NONE, 0);
        CellSequences cells = RandomCells.of(config, 1, 150, 0, 150, 100, 150);
        Dropouts dropouts = Dropouts.of(1, 1, new long[] {1, 2, 3, 4, 5}, 0, 0.1);
        try (CellLanguageModel model = CellLanguageModel.create(config, ModelOptions.PUBLISHED, 1, precision)) {
            work(model, cells, dropouts, 60);
            assertThat(growth(() -> work(model, cells, dropouts, STEPS))).isLessThan(MOST);
        }
    }

    @Test
    void oneForgottenActivationAStepShows() {
        Assumptions.assumeTrue(ResidentMemory.peak().isPresent(), "skipped: this system does not say what is resident");
        Torch.configure(1);
        float[] activation = new float[SMALLEST / Float.BYTES];
        java.util.Arrays.fill(activation, 1);
        List<Tensor> forgotten = new ArrayList<>();
        Runnable forgetting = () -> {
            for (int i = 0; i < STEPS; i++) {
                forgotten.add(TensorArrays.of(activation, activation.length));
            }
        };
        try {
            assertThat(growth(forgetting)).isGreaterThan(MOST);
        } finally {
            forgotten.forEach(Tensor::close);
        }
    }

    /**
     * By how much memory grows in the middle one of three rounds: what is forgotten shows in each of them, while heap that
     * is touched for the first time and code that is compiled show in one.
     */
    private static long growth(Runnable round) {
        long[] growths = new long[3];
        for (int i = 0; i < growths.length; i++) {
            long before = outsideTheHeap();
            round.run();
            growths[i] = outsideTheHeap() - before;
            if (i == 1 && Math.max(growths[0], growths[1]) < MOST) {
                return Math.max(growths[0], growths[1]);
            }
        }
        java.util.Arrays.sort(growths);
        return growths[1];
    }

    /** Memory of the process that no file lies behind, without the heap: code pages come and go as the system likes. */
    private static long outsideTheHeap() {
        System.gc();
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            long anonymous = lines.filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .sum();
            return anonymous
                    - ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void work(CellLanguageModel model, CellSequences cells, Dropouts dropouts, int times) {
        for (int i = 0; i < times; i++) {
            Native.runWithoutGradient(() -> model.encodeCls(cells, Dropouts.NONE));
            Native.run(() -> {
                try (GradientTape tape = new GradientTape()) {
                    model.encode(cells, dropouts, tape).sum().backward();
                    tape.backward();
                }
            });
        }
    }
}
