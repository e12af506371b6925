package org.celllm.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
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
import org.celllm.network.runtime.GradientTape.Keeping;
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
 * <p>GENES is a number of expressed genes a cell, {@code SHORTEST-LONGEST} for lengths drawn between the two, or
 * {@code @FILE} for those of a file, one a line, where CELLS may be {@code all}. Workers share the cells in chunks of at most
 * {@value #CHUNK} positions, as the command does; with several workers only their rates are measured.
 */
public final class EncoderBenchmark {
    private static final int GENES = 19_379;
    private static final int REPEATS = 5;

    /** The most positions of a worker's chunk. */
    static final int CHUNK = 1 << 13;

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
        CellSequences cells = cells(config, args[1], args[2]);
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
            if (count > 1) {
                try (Workers workers = new Workers(count)) {
                    List<CellLanguageModel> replicas = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        replicas.add(model.replica());
                    }
                    List<CellSequences> chunks = chunks(cells, count);
                    line(
                            count + " workers, forward",
                            cells,
                            flops,
                            peak,
                            () -> workers.run(
                                    count,
                                    chunks.size(),
                                    (worker, piece) -> Native.runWithoutGradient(
                                            () -> replicas.get(worker).encode(chunks.get(piece), Dropouts.NONE))));
                    line(
                            count + " workers, CLS alone",
                            cells,
                            flops,
                            peak,
                            () -> workers.run(
                                    count,
                                    chunks.size(),
                                    (worker, piece) -> Native.runWithoutGradient(
                                            () -> replicas.get(worker).encodeCls(chunks.get(piece), Dropouts.NONE))));
                    line(
                            count + " workers, both",
                            cells,
                            3 * flops,
                            peak,
                            () -> workers.run(
                                    count,
                                    chunks.size(),
                                    (worker, piece) ->
                                            Native.run(() -> backward(replicas.get(worker), chunks.get(piece)))));
                    replicas.forEach(CellLanguageModel::close);
                }
            } else {
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
            }
            if (count == 1 && preset != Preset.PUBLISHED) {
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

    /** As training does where memory is left. */
    private static void backward(CellLanguageModel model, CellSequences cells) {
        Keeping keeping = model.worthKeeping(Dropouts.NONE) > 0 ? Keeping.ALL : Keeping.MOST;
        try (GradientTape tape = new GradientTape(keeping)) {
            model.encode(cells, Dropouts.NONE, tape).sum().backward();
            tape.backward();
        }
    }

    private static void line(String what, CellSequences cells, double flops, double peak, Runnable work) {
        double seconds = best(work);
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

    static CellSequences cells(NetworkConfig config, String count, String lengths) {
        KeyedRandom random = KeyedRandom.of(1);
        int[] offsets = offsets(count, lengths, random);
        int total = offsets[offsets.length - 1];
        int[] genes = random.ints(total, 0, config.genes()).toArray();
        int[] tokens = random.ints(total, 0, config.highestBin() + 1).toArray();
        return new CellSequences(offsets.length - 1, offsets, genes, tokens);
    }

    private static int[] offsets(String count, String lengths, KeyedRandom random) {
        int[] each;
        if (lengths.startsWith("@")) {
            try (Stream<String> lines = Files.lines(Path.of(lengths.substring(1)))) {
                each = lines.limit(count.equals("all") ? Long.MAX_VALUE : Long.parseLong(count))
                        .mapToInt(Integer::parseInt)
                        .toArray();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else {
            int[] bounds = Arrays.stream(lengths.split("-", 2))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            each = new int[Integer.parseInt(count)];
            Arrays.setAll(each, i -> bounds[0] + random.nextInt(bounds[bounds.length - 1] - bounds[0] + 1));
        }
        int[] offsets = new int[each.length + 1];
        for (int cell = 0; cell < each.length; cell++) {
            offsets[cell + 1] = offsets[cell] + each[cell];
        }
        return offsets;
    }

    /** The cells in chunks, as even as whole cells allow, as many for each worker. */
    static List<CellSequences> chunks(CellSequences cells, int workers) {
        int rounds = Math.max(1, (cells.positions() + CHUNK * workers - 1) / (CHUNK * workers));
        int wanted = rounds * workers;
        List<CellSequences> chunks = new ArrayList<>();
        int from = 0;
        for (int chunk = 1; chunk <= wanted && from < cells.cells(); chunk++) {
            int to = from + 1;
            while (to < cells.cells() && cells.offsets()[to] < (long) chunk * cells.offsets()[cells.cells()] / wanted) {
                to++;
            }
            chunks.add(cells.slice(from, chunk == wanted ? cells.cells() : to));
            from = to;
        }
        return chunks;
    }
}
