package org.celllm.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.Dropouts;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.Preset;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.Torch;
import org.celllm.network.runtime.Workers;

/**
 * How fast the encoder is, beside the machine's peak in the same process: products of 4096 × 4096 matrices in the same
 * number format, the best of several. FLOPs are those of the mathematics: what is computed again for the gradient is
 * not counted, nor is anything but products.
 *
 * <pre>EncoderBenchmark PRESET CELLS GENES [PRECISION] [THREADS] [WORKERS]</pre>
 *
 * <p>GENES is a number of expressed genes a cell, or {@code SHORTEST-LONGEST} for lengths drawn between the two.
 */
public final class EncoderBenchmark {
    private static final int GENES = 19_379;
    private static final int REPEATS = 5;

    private EncoderBenchmark() {}

    /** Runs one configuration and prints a table. */
    public static void main(String[] args) {
        if (args.length < 3) {
            System.err.println("EncoderBenchmark PRESET CELLS GENES [PRECISION] [THREADS] [WORKERS]");
            System.exit(2);
        }
        Preset preset = Preset.of(args[0]);
        Precision precision = Precision.of(args.length > 3 ? args[3] : "auto");
        int threads = Torch.configure(args.length > 4 ? Integer.parseInt(args[4]) : 0);
        int count = args.length > 5 ? Integer.parseInt(args[5]) : 1;
        NetworkConfig config = preset.config(GENES);
        CellSequences cells = cells(config, Integer.parseInt(args[1]), args[2]);
        double peak = peak(precision);
        System.out.printf(
                Locale.ROOT,
                "%s, %s, %d threads, %d cells, %d positions; peak %.0f GFLOP/s%n",
                preset.word(),
                precision.word(),
                threads,
                cells.cells(),
                cells.positions(),
                peak * 1e-9);
        double flops = config.flopsPerPosition() * cells.positions();
        try (CellLanguageModel model = CellLanguageModel.create(config, ModelOptions.PUBLISHED, 1, precision)) {
            line(
                    "forward",
                    cells,
                    flops,
                    peak,
                    () -> Native.runWithoutGradient(() -> model.encode(cells, Dropouts.NONE)));
            line(
                    "forward, CLS alone",
                    cells,
                    flops,
                    peak,
                    () -> Native.runWithoutGradient(() -> model.encodeCls(cells, Dropouts.NONE)));
            line("forward + backward", cells, 3 * flops, peak, () -> Native.run(() -> backward(model, cells)));
            if (count > 1) {
                try (Workers workers = new Workers(count)) {
                    List<CellLanguageModel> replicas = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        replicas.add(model.replica());
                    }
                    line(
                            count + " workers, forward",
                            count,
                            cells,
                            flops,
                            peak,
                            () -> workers.run(
                                    count,
                                    count,
                                    (worker, piece) -> Native.runWithoutGradient(
                                            () -> replicas.get(worker).encode(cells, Dropouts.NONE))));
                    line(
                            count + " workers, both",
                            count,
                            cells,
                            3 * flops,
                            peak,
                            () -> workers.run(
                                    count,
                                    count,
                                    (worker, piece) -> Native.run(() -> backward(replicas.get(worker), cells))));
                    replicas.forEach(CellLanguageModel::close);
                }
            } else if (preset != Preset.PUBLISHED) {
                line(
                        "the same by autograd",
                        cells,
                        3 * flops,
                        peak,
                        () -> Native.run(
                                () -> model.encode(cells, Dropouts.NONE).sum().backward()));
            }
        }
    }

    private static void backward(CellLanguageModel model, CellSequences cells) {
        try (GradientTape tape = new GradientTape()) {
            model.encode(cells, Dropouts.NONE, tape).sum().backward();
            tape.backward();
        }
    }

    private static void line(String what, CellSequences cells, double flops, double peak, Runnable work) {
        line(what, 1, cells, flops, peak, work);
    }

    private static void line(String what, int times, CellSequences cells, double flops, double peak, Runnable work) {
        double seconds = best(work) / times;
        System.out.printf(
                Locale.ROOT,
                "%-22s %9.1f ms %9.1f cells/s %10.0f positions/s %7.0f GFLOP/s %5.1f%% of peak%n",
                what,
                seconds * 1e3,
                cells.cells() / seconds,
                cells.positions() / seconds,
                flops / seconds * 1e-9,
                100 * flops / seconds / peak);
    }

    static double peak(Precision precision) {
        int size = 4096;
        double[] rate = new double[1];
        Native.runWithoutGradient(() -> {
            ScalarType type = precision.product();
            Tensor a = torch.randn(size, size).to(type);
            Tensor b = torch.randn(size, size).to(type);
            rate[0] = 2.0 * size * size * size / best(() -> Native.run(() -> torch.mm(a, b)));
        });
        return rate[0];
    }

    /** Seconds of the fastest of several runs, after one that warms up. */
    static double best(Runnable work) {
        work.run();
        double best = Double.MAX_VALUE;
        for (int i = 0; i < REPEATS; i++) {
            long start = System.nanoTime();
            work.run();
            best = Math.min(best, (System.nanoTime() - start) * 1e-9);
        }
        return best;
    }

    static CellSequences cells(NetworkConfig config, int count, String lengths) {
        int[] bounds =
                Arrays.stream(lengths.split("-", 2)).mapToInt(Integer::parseInt).toArray();
        KeyedRandom random = KeyedRandom.of(1);
        int[] offsets = new int[count + 1];
        for (int cell = 0; cell < count; cell++) {
            offsets[cell + 1] = offsets[cell] + bounds[0] + random.nextInt(bounds[bounds.length - 1] - bounds[0] + 1);
        }
        int[] genes = random.ints(offsets[count], 0, config.genes()).toArray();
        int[] tokens = random.ints(offsets[count], 0, config.highestBin() + 1).toArray();
        return new CellSequences(count, offsets, genes, tokens);
    }
}
