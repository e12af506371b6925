package org.celllm.data.corpus;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.celllm.data.matrix.HeapShare;

/** Does the same with several things at once. */
final class SourceWorkers {
    private SourceWorkers() {}

    /** What is done with one. */
    @FunctionalInterface
    interface Work<S, T> {
        T with(S item) throws IOException;
    }

    /**
     * Does {@code work} with every item, with {@code threads} at a time, which share the heap.
     *
     * @return what came of each, in the order of the items
     * @throws IOException the first failure; the others are stopped and have ended when it is thrown
     */
    static <S, T> List<T> each(List<S> items, int threads, Work<S, T> work) throws IOException {
        int atOnce = Math.min(threads, items.size());
        return atOnce == 0 ? List.of() : HeapShare.among(atOnce, () -> pooled(items, atOnce, work));
    }

    private static <S, T> List<T> pooled(List<S> items, int threads, Work<S, T> work) throws IOException {
        // Threads that are started here inherit the heap's share and the disk.
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "celllm-source");
            thread.setDaemon(true);
            return thread;
        });
        try {
            CompletionService<Done<T>> running = new ExecutorCompletionService<>(pool);
            for (int i = 0; i < items.size(); i++) {
                int place = i;
                running.submit(() -> new Done<>(place, work.with(items.get(place))));
            }
            List<Done<T>> done = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                done.add(running.take().get());
            }
            done.sort(java.util.Comparator.comparingInt(Done::place));
            return done.stream().map(Done::result).toList();
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("building was interrupted").initCause(e);
        } finally {
            end(pool);
        }
    }

    private record Done<T>(int place, T result) {}

    private static IOException failure(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    private static void end(ExecutorService pool) throws InterruptedIOException {
        pool.shutdownNow();
        try {
            while (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
                // Each ends at its next read or write, which an interruption breaks off.
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
