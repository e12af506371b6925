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
import org.celllm.tasks.embed.CellTokens;
import org.celllm.training.views.CellViews;
import org.celllm.training.views.ViewSettings;

/**
 * How fast a corpus is read for training from wherever its bytes are: {@code EpochBenchmark CORPUS BATCH SECONDS
 * [THREADS]}, an epoch at most.
 *
 * <p>Three times, over different parts of the order: batches alone (genes, values, offsets, totals, disease); as sequences of tokens of
 * whole cells; and with both views (tokens, masks). Threads take steps in turn; each has a sampler of its own and reads no more than a window ahead.
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
            for (Made made : Made.values()) {
                new Reading(corpus, size, threads, made).run(Math.min(5, seconds), "compiling");
                new Reading(corpus, size, threads, made)
                        .run(seconds, made.name().toLowerCase(Locale.ROOT));
            }
        }
    }

    /** What is made of the cells that are read. */
    private enum Made {
        BATCHES(1),
        TOKENS(2),
        VIEWS(3);

        /** Each reads the cells in an order of its own. */
        private final long epoch;

        Made(long epoch) {
            this.epoch = epoch;
        }
    }

    private static final class Reading {
        private final Corpus corpus;
        private final int size;
        private final int threads;
        private final Made made;
        private final NetworkConfig network;
        private final CellViews views;
        private final AtomicLong cells = new AtomicLong();
        private final AtomicLong values = new AtomicLong();

        Reading(Corpus corpus, int size, int threads, Made made) {
            this.corpus = corpus;
            this.size = size;
            this.threads = threads;
            this.made = made;
            this.network = Preset.PUBLISHED.config(corpus.genes().size());
            NetworkConfig tiny = Preset.TINY.config(corpus.genes().size());
            this.views = new CellViews(ViewSettings.DEFAULT, tiny, 1);
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
                CorpusSampler sampler = corpus.sampler(Split.TRAIN, made.epoch);
                long perEpoch = sampler.batchesPerEpoch(size);
                long first = perEpoch * thread / threads;
                long last = perEpoch * (thread + 1) / threads;
                for (long step = first; step < last && System.nanoTime() < end; step++) {
                    CellBatch batch = sampler.batch(step, size);
                    switch (made) {
                        case BATCHES -> values.addAndGet(batch.offsets()[batch.cells()]);
                        case TOKENS ->
                            values.addAndGet(CellTokens.of(batch, network).positions());
                        case VIEWS -> {
                            for (int from = 0; from < batch.cells(); from += CHUNK) {
                                int to = Math.min(batch.cells(), from + CHUNK);
                                values.addAndGet(views.of(batch, from, to, step).positions());
                            }
                        }
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
