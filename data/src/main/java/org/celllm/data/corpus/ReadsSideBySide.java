package org.celllm.data.corpus;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many small reads at once. A read from a disk waits for the disk nearly all of its time, and a disk serves several
 * about as fast as one: so these are more threads than cores, and they ask for little processor time.
 *
 * <p>Thread safe. Threads start when first needed and end after ten idle seconds, or at closing.
 */
final class ReadsSideBySide implements AutoCloseable {
    /** Reads that wait for the disk at a time; more gained nothing (docs/benchmarks.md). */
    private static final int AT_ONCE = 8;

    /** Fewer reads than this are done by the thread that asks. */
    private static final int WORTH_IT = 4;

    private final ExecutorService pool;

    ReadsSideBySide() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "celllm-read");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        pool = threads;
    }

    /** One of the reads. */
    @FunctionalInterface
    interface Read {
        void number(int n) throws IOException;
    }

    /**
     * Does reads 0 … {@code reads − 1}, in any order, and waits for all of them.
     *
     * @throws IOException the first failure that was seen; the others have ended when it is thrown
     */
    void all(int reads, Read read) throws IOException {
        if (reads < WORTH_IT) {
            for (int n = 0; n < reads; n++) {
                read.number(n);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicBoolean stopped = new AtomicBoolean();
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < Math.min(AT_ONCE, reads); thread++) {
            running.add(pool.submit(() -> {
                try {
                    for (int n = next.getAndIncrement(); n < reads && !stopped.get(); n = next.getAndIncrement()) {
                        read.number(n);
                    }
                    return null;
                } catch (Throwable e) {
                    stopped.set(true);
                    throw e;
                }
            }));
        }
        await(running, stopped);
    }

    /** Waits for all to end, also when interrupted: they write to what belongs to the caller. */
    private static void await(List<Future<?>> running, AtomicBoolean stopped) throws IOException {
        Throwable failure = null;
        boolean interrupted = false;
        for (Future<?> one : running) {
            for (boolean ended = false; !ended; ) {
                try {
                    one.get();
                    ended = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                    stopped.set(true);
                } catch (ExecutionException e) {
                    failure = failure == null ? e.getCause() : failure;
                    ended = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("reading was interrupted");
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw failure instanceof IOException io ? io : new IOException(failure);
        }
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
