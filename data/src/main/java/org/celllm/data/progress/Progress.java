package org.celllm.data.progress;

/**
 * How long work says how far it is. The one progress mechanism: libraries report to it, the command draws it as a bar
 * with an ETA on a terminal and as log lines elsewhere. Implementations are thread safe.
 */
public interface Progress {
    /** Says nothing. */
    Progress SILENT = (name, unit, total) -> new Task() {
        @Override
        public void advance(long amount) {}

        @Override
        public void note(String text) {}

        @Override
        public void close() {}
    };

    /**
     * Starts a piece of work.
     *
     * @param name what is done, in a few words: {@code "Reading pbmc3k.h5ad"}
     * @param unit what is counted: {@code "cells"}
     * @param total how many there are, or −1 when it is not known
     */
    Task start(String name, String unit, long total);

    /**
     * Starts a piece of work of which an earlier run has done a part.
     *
     * @param done counts as done, and not towards the speed
     */
    default Task start(String name, String unit, long total, long done) {
        Task task = start(name, unit, total);
        task.advance(done);
        return task;
    }

    /** One piece of work; closing it ends its line. */
    interface Task extends AutoCloseable {
        /** So many more are done. */
        void advance(long amount);

        /** A few words to show beside the count, such as the loss. */
        void note(String text);

        @Override
        void close();
    }
}
