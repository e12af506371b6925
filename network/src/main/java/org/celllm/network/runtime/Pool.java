package org.celllm.network.runtime;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Things that one thread at a time may use and that are dear to make. Each is lent to a thread and kept for the next.
 *
 * <p>Thread safe. Holds as many as were ever in use at once.
 *
 * @param <T> what is lent
 */
public final class Pool<T extends AutoCloseable> implements AutoCloseable {
    private final Deque<T> idle = new ConcurrentLinkedDeque<>();
    private final Supplier<T> make;

    /** An empty pool, which makes what it lacks. */
    public Pool(Supplier<T> make) {
        this.make = make;
    }

    /** Runs {@code work} with one that no other thread uses meanwhile. */
    public <R extends @Nullable Object> R with(Function<T, R> work) {
        T lent = idle.poll();
        if (lent == null) {
            lent = make.get();
        }
        try {
            return work.apply(lent);
        } finally {
            idle.push(lent);
        }
    }

    /** Frees all. None may be in use. */
    @Override
    public void close() {
        for (T each = idle.poll(); each != null; each = idle.poll()) {
            try {
                each.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("could not be freed: " + each, e);
            }
        }
    }
}
