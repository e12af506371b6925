package org.celllm.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.CorpusSampler;
import org.celllm.data.corpus.Split;
import org.celllm.network.NetworkConfig;
import org.celllm.network.Preset;
import org.celllm.training.views.CellViews;
import org.celllm.training.views.ViewSettings;

/**
 * How fast a corpus is read for training from wherever its bytes are: {@code EpochBenchmark CORPUS BATCH SECONDS
 * [THREADS]}, an epoch at most.
 *
 * <p>Twice, over different parts of the order: batches alone (genes, values, offsets, totals, disease), then with both
 * views (tokens, masks). Threads take steps in turn; each has a sampler of its own and reads no more than a window ahead.
 * Printed are cells a second by the clock and by the processor time that the whole process used, and how much came from the disk rather than
 * from the page cache, which is what {@code bench/two_million.sh} keeps smaller than the corpus.
 */
public final class EpochBenchmark {
    private static final int CHUNK = 32;

    private EpochBenchmark() {}

    /** Prints a line of JSON for each figure. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int size = Integer.parseInt(arguments[1]);
        double seconds = Double.parseDouble(arguments[2]);
        int threads = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1;
        long opening = System.nanoTime();
        try (Corpus corpus = Corpus.open(folder)) {
            System.out.printf(
                    Locale.ROOT,
                    "{\"what\": \"opened\", \"cells\": %d, \"mean_genes\": %.0f, \"seconds\": %.2f}%n",
                    corpus.cells(),
                    corpus.meanLength(),
                    (System.nanoTime() - opening) / 1e9);
            new EpochBenchmark.Reading(corpus, size, threads, false).run(Math.min(5, seconds), "compiling");
            new EpochBenchmark.Reading(corpus, size, threads, false).run(seconds, "batches");
            new EpochBenchmark.Reading(corpus, size, threads, true).run(Math.min(5, seconds), "compiling");
            new EpochBenchmark.Reading(corpus, size, threads, true).run(seconds, "views");
        }
    }

    private static final class Reading {
        private final Corpus corpus;
        private final int size;
        private final int threads;
        private final boolean withViews;
        private final CellViews views;
        private final AtomicLong cells = new AtomicLong();
        private final AtomicLong values = new AtomicLong();

        Reading(Corpus corpus, int size, int threads, boolean withViews) {
            this.corpus = corpus;
            this.size = size;
            this.threads = threads;
            this.withViews = withViews;
            NetworkConfig network = Preset.TINY.config(corpus.genes().size());
            this.views = new CellViews(ViewSettings.DEFAULT, network, 1);
        }

        void run(double seconds, String what) throws Exception {
            long disk = bytesFromDisk();
            long processor = processorNanos();
            long start = System.nanoTime();
            long end = start + (long) (seconds * 1e9);
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            try {
                List<Future<Void>> running = new ArrayList<>();
                for (int thread = 0; thread < threads; thread++) {
                    running.add(pool.submit(reader(thread, end)));
                }
                for (Future<Void> one : running) {
                    one.get();
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("a reader failed", e);
            } finally {
                pool.shutdownNow();
            }
            double took = (System.nanoTime() - start) / 1e9;
            double cpu = (processorNanos() - processor) / 1e9;
            double megabytes = (bytesFromDisk() - disk) / 1e6;
            System.out.printf(
                    Locale.ROOT,
                    "{\"what\": \"%s\", \"threads\": %d, \"batch\": %d, \"cells\": %d, \"seconds\": %.1f,"
                            + " \"cells_per_second\": %.0f, \"cells_per_second_of_cpu\": %.0f, \"million_values_per_second\":"
                            + " %.1f, \"megabytes_from_disk\": %.0f}%n",
                    what,
                    threads,
                    size,
                    cells.get(),
                    took,
                    cells.get() / took,
                    cells.get() / cpu,
                    values.get() / took / 1e6,
                    megabytes);
        }

        /** The steps of a thread: a run of its own within the epoch, so that threads don't read each other's windows. */
        private Callable<Void> reader(int thread, long end) {
            return () -> {
                CorpusSampler sampler = corpus.sampler(Split.TRAIN, withViews ? 2 : 1);
                long perEpoch = sampler.batchesPerEpoch(size);
                long first = perEpoch * thread / threads;
                long last = perEpoch * (thread + 1) / threads;
                for (long step = first; step < last && System.nanoTime() < end; step++) {
                    CellBatch batch = sampler.batch(step, size);
                    if (withViews) {
                        for (int from = 0; from < batch.cells(); from += CHUNK) {
                            int to = Math.min(batch.cells(), from + CHUNK);
                            values.addAndGet(views.of(batch, from, to, step).positions());
                        }
                    } else {
                        values.addAndGet(batch.offsets()[batch.cells()]);
                    }
                    cells.addAndGet(batch.cells());
                }
                return null;
            };
        }
    }

    /** Processor time of all threads of the process, those that read for others too. */
    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** What the kernel fetched from disks for this process; 0 where it doesn't say. */
    private static long bytesFromDisk() throws IOException {
        Path io = Path.of("/proc/self/io");
        if (!Files.isReadable(io)) {
            return 0;
        }
        for (String line : Files.readString(io, StandardCharsets.US_ASCII).split("\n")) {
            if (line.startsWith("read_bytes: ")) {
                return Long.parseLong(line.substring("read_bytes: ".length()).strip());
            }
        }
        return 0;
    }
}
