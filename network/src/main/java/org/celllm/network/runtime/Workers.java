package org.celllm.network.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Threads that compute side by side, each on pieces of its own, with products of one thread.
 *
 * <p>Two pieces at once use two cores nearly fully; one piece whose every product is shared out between two threads
 * does not, since most operations of an encoder are too short to be worth the meeting at their end (measured in
 * {@code docs/experiments.md}), and such threads come to a standstill when another program wants a core.
 *
 * <p>Which worker gets a piece depends on the piece's number alone, so sums that each worker keeps are the same bits
 * every time. Thread safe: runs of several callers take turns.
 */
public final class Workers implements AutoCloseable {
    private final List<ExecutorService> threads = new ArrayList<>();

    /**
     * Starts the threads and sets the native library to products of one thread.
     *
     * @param count at least 1; 0 for as many as the machine has. One worker is the calling thread itself
     */
    public Workers(int count) {
        int chosen = count > 0 ? count : Runtime.getRuntime().availableProcessors();
        Torch.configure(1);
        for (int i = 0; i < chosen; i++) {
            String name = "celllm-worker-" + i;
            threads.add(Executors.newSingleThreadExecutor(work -> {
                Thread thread = new Thread(work, name);
                thread.setDaemon(true);
                return thread;
            }));
        }
    }

    /** What a worker does with a piece. */
    @FunctionalInterface
    public interface Work {
        /**
         * @param worker 0 … active − 1
         * @param piece 0 … pieces − 1
         */
        void run(int worker, int piece);
    }

    /** How many pieces can be worked on at once. */
    public int count() {
        return threads.size();
    }

    /**
     * Works on pieces 0 … pieces − 1 and waits for all of them. Piece {@code i} goes to worker {@code i mod active},
     * which takes its pieces in ascending order.
     *
     * @param active how many workers take part, at most {@link #count()}
     * @throws RuntimeException of the first worker that failed; the others then stop after the piece at hand
     */
    public void run(int active, int pieces, Work work) {
        if (active < 1 || active > count()) {
            throw new IllegalArgumentException(active + " of " + count() + " workers");
        }
        if (active == 1) {
            for (int piece = 0; piece < pieces; piece++) {
                work.run(0, piece);
            }
            return;
        }
        AtomicBoolean failed = new AtomicBoolean();
        List<Future<?>> waiting = new ArrayList<>();
        for (int worker = 0; worker < Math.min(active, pieces); worker++) {
            int number = worker;
            waiting.add(threads.get(worker).submit(() -> share(number, active, pieces, work, failed)));
        }
        await(waiting);
    }

    private static void share(int worker, int active, int pieces, Work work, AtomicBoolean failed) {
        Torch.singleThreaded();
        for (int piece = worker; piece < pieces && !failed.get(); piece += active) {
            try {
                work.run(worker, piece);
            } catch (RuntimeException | Error e) {
                failed.set(true);
                throw e;
            }
        }
    }

    /** Waits for all, even after a failure: nothing may still compute when the caller frees what it lent. */
    private static void await(List<Future<?>> waiting) {
        Throwable first = null;
        boolean interrupted = false;
        for (Future<?> future : waiting) {
            while (true) {
                try {
                    future.get();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    first = first == null ? e.getCause() : first;
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (first instanceof RuntimeException e) {
            throw e;
        }
        if (first instanceof Error e) {
            throw e;
        }
    }

    /** Ends the threads. */
    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdownNow);
    }
}
