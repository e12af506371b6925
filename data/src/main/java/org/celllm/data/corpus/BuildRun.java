package org.celllm.data.corpus;

import java.util.function.Consumer;
import org.celllm.data.InputException;

/**
 * How building a corpus runs; nothing here changes a byte of it.
 *
 * @param threads sources that are read at the same time, at most
 * @param resume whether to go on with a build of the same name that was cut off
 * @param notices told, in a sentence each, what was found of such a build and what becomes of it
 */
public record BuildRun(int threads, boolean resume, Consumer<String> notices) {
    public BuildRun {
        if (threads < 1) {
            throw InputException.about("--threads " + threads)
                    .found("no number of threads")
                    .expected("1 or more")
                    .build();
        }
    }

    /** All cores, from the start, saying nothing. */
    public static BuildRun usual() {
        return new BuildRun(Runtime.getRuntime().availableProcessors(), false, notice -> {});
    }

    /** The same with another number of threads. */
    public BuildRun withThreads(int threads) {
        return new BuildRun(threads, resume, notices);
    }

    /** The same, going on where there is something to go on with. */
    public BuildRun resuming() {
        return new BuildRun(threads, true, notices);
    }

    /** The same, with somebody to tell. */
    public BuildRun telling(Consumer<String> notices) {
        return new BuildRun(threads, resume, notices);
    }
}
