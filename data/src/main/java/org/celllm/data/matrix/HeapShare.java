package org.celllm.data.matrix;

import java.io.IOException;

/**
 * The part of the heap that a thread's readers may plan with. Files that are read at the same time share it, so that
 * several hold no more than one would.
 */
public final class HeapShare {
    private static final ThreadLocal<Integer> SHARERS = new InheritableThreadLocal<>() {
        @Override
        protected Integer initialValue() {
            return 1;
        }
    };

    private HeapShare() {}

    /** Something that reads. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it. */
        T run() throws IOException;
    }

    /** Bytes of the largest heap for this thread. */
    public static long bytes() {
        return Runtime.getRuntime().maxMemory() / SHARERS.get();
    }

    /** Does something while this thread, and those that it starts, plan with one of {@code sharers} parts each. */
    public static <T> T among(int sharers, Work<T> work) throws IOException {
        int before = SHARERS.get();
        SHARERS.set(Math.max(1, sharers));
        try {
            return work.run();
        } finally {
            SHARERS.set(before);
        }
    }
}
