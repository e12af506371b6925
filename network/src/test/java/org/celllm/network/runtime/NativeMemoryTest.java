package org.celllm.network.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.Dropouts;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.PaddingMode;
import org.celllm.network.RandomCells;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NativeMemoryTest {
    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void encodingAndItsGradientLeaveNothingBehind(Precision precision) {
        Assumptions.assumeTrue(ResidentMemory.peak().isPresent(), "skipped: this system does not say what is resident");
        Torch.configure(1);
        NetworkConfig config = new NetworkConfig(64, 1, 2, 8, 16, 4, 8, 200, 64, false, PaddingMode.NONE, 0);
        CellSequences cells = RandomCells.of(config, 1, 150, 0, 150, 100, 150);
        Dropouts dropouts = Dropouts.of(1, 1, new long[] {1, 2, 3, 4, 5}, 0, 0.1);
        try (CellLanguageModel model = CellLanguageModel.create(config, ModelOptions.PUBLISHED, 1, precision)) {
            work(model, cells, dropouts, 150);
            long before = outsideTheHeap();
            work(model, cells, dropouts, 350);
            // The smallest activation is 140 kB, so forgetting one a step would show as 49 MB.
            assertThat(outsideTheHeap() - before).isLessThan(35L << 20);
        }
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
