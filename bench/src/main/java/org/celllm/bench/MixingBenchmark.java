package org.celllm.bench;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.CorpusSampler;
import org.celllm.data.corpus.SamplingWeights;
import org.celllm.data.corpus.Split;
import org.celllm.data.corpus.StratumField;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.NetworkConfig;
import org.celllm.network.Preset;
import org.celllm.training.views.CellViews;
import org.celllm.training.views.ViewSettings;

/**
 * How well a corpus is mixed in batches, and how fast one thread makes them: {@code MixingBenchmark CORPUS BATCH [STEPS
 * [BALANCE]]}.
 *
 * <p>First the entropy of the sources (and of the labels, where there are any) within batches, beside that of batches of a
 * perfect shuffle of the same cells (not where BALANCE, fields with commas, draws cells in other shares); then cells a second from the files to the sequences of two views with tokens and
 * masks, by the clock and by the processor time of the thread, which other work on the machine hardly changes. All shards are read
 * once before, so they come from the page cache as far as it holds them.
 */
public final class MixingBenchmark {
    private MixingBenchmark() {}

    /** Prints a line of JSON for each figure. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int size = Integer.parseInt(arguments[1]);
        try (Corpus corpus = Corpus.open(folder)) {
            CorpusSampler sampler = corpus.sampler(Split.TRAIN, 1, weights(arguments));
            long steps = arguments.length > 2
                    ? Long.parseLong(arguments[2])
                    : Math.max(1, Math.min(200, sampler.batchesPerEpoch(size)));
            System.out.printf(
                    Locale.ROOT,
                    "{\"cells\": %d, \"sources\": %d, \"mean_genes\": %.0f, \"batch\": %d, \"steps\": %d}%n",
                    corpus.cells(),
                    corpus.sources(),
                    corpus.meanLength(),
                    sampler.batchSize(size),
                    steps);
            warm(folder);
            if (sampler.strata() == null) {
                entropy(corpus, sampler, size, steps);
            }
            // Twice: the first time the code is not compiled yet.
            speed(corpus, sampler, size, steps, "first");
            speed(corpus, sampler, size, steps, "again");
        }
    }

    private static SamplingWeights weights(String[] arguments) {
        return arguments.length <= 3
                ? SamplingWeights.NONE
                : SamplingWeights.balanced(Arrays.stream(arguments[3].split(","))
                        .map(word -> StratumField.valueOf(word.toUpperCase(Locale.ROOT)))
                        .toArray(StratumField[]::new));
    }

    private static void warm(Path folder) throws IOException {
        long start = System.nanoTime();
        long bytes = 0;
        byte[] piece = new byte[1 << 20];
        try (var files = Files.list(folder.resolve("shards"))) {
            for (Path file : files.sorted().toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                        bytes += n;
                    }
                }
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "{\"what\": \"reading all shards before\", \"gigabytes\": %.2f, \"gigabytes_per_second\": %.2f}%n",
                bytes / 1e9,
                bytes / 1e9 / seconds);
    }

    private static void entropy(Corpus corpus, CorpusSampler sampler, int size, long steps) throws IOException {
        long[] all = members(corpus);
        KeyedRandom random = KeyedRandom.of(7);
        int wanted = sampler.batchSize(size);
        double[] dealt = new double[2];
        double[] shuffled = new double[2];
        // Spread over the epoch: neighbouring steps share their window.
        long every = Math.max(1, sampler.batchesPerEpoch(size) / steps);
        for (long step = 0; step < steps; step++) {
            add(dealt, corpus.read(sampler.numbers(step * every, size)), steps);
            for (int i = 0; i < wanted; i++) {
                int j = i + random.nextInt(all.length - i);
                long swap = all[i];
                all[i] = all[j];
                all[j] = swap;
            }
            add(shuffled, corpus.read(Arrays.copyOf(all, wanted)), steps);
        }
        String[] of = {"source", "label"};
        for (int i = 0; i < of.length; i++) {
            if (shuffled[i] > 0) {
                System.out.printf(
                        Locale.ROOT,
                        "{\"what\": \"entropy of the %s in a batch\", \"nats\": %.4f, \"perfect_shuffle\": %.4f, \"ratio\":"
                                + " %.4f}%n",
                        of[i],
                        dealt[i],
                        shuffled[i],
                        dealt[i] / shuffled[i]);
            }
        }
    }

    private static long[] members(Corpus corpus) {
        return java.util.stream.LongStream.range(0, corpus.cells())
                .filter(cell -> Split.of(cell) == Split.TRAIN)
                .toArray();
    }

    private static void add(double[] sums, CellBatch batch, long steps) {
        sums[0] += entropy(batch.cells(), i -> batch.source()[i]) / steps;
        sums[1] += entropy(batch.cells(), i -> batch.label()[i]) / steps;
    }

    /** In nats. */
    private static double entropy(int cells, IntUnaryOperator category) {
        int[] counts = new int[1 << 16];
        for (int i = 0; i < cells; i++) {
            counts[category.applyAsInt(i)]++;
        }
        double entropy = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / cells;
                entropy -= share * Math.log(share);
            }
        }
        return entropy;
    }

    private static void speed(Corpus corpus, CorpusSampler sampler, int size, long steps, String run)
            throws IOException {
        NetworkConfig network = Preset.SMALL.config(corpus.genes().size());
        CellViews views = new CellViews(ViewSettings.DEFAULT, network, 1);
        var threads = ManagementFactory.getThreadMXBean();
        long cells = 0;
        long positions = 0;
        long reading = 0;
        long start = System.nanoTime();
        long busy = threads.getCurrentThreadCpuTime();
        for (long step = 0; step < steps; step++) {
            long before = threads.getCurrentThreadCpuTime();
            CellBatch batch = sampler.batch(step, size);
            reading += threads.getCurrentThreadCpuTime() - before;
            cells += batch.cells();
            // In chunks, as a step takes them.
            for (int from = 0; from < batch.cells(); from += 32) {
                positions += views.of(batch, from, Math.min(batch.cells(), from + 32), step)
                        .positions();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double used = (threads.getCurrentThreadCpuTime() - busy) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "{\"what\": \"one thread, %s\", \"cells_per_second\": %.0f, \"cells_per_second_of_cpu\": %.0f, \"reading\":"
                        + " %.0f, \"views\": %.0f, \"positions_per_cell\": %.0f}%n",
                run,
                cells / seconds,
                cells / used,
                cells / (reading / 1e9),
                cells / (used - reading / 1e9),
                (double) positions / cells);
    }
}
