package org.celllm.app.command;

import org.celllm.data.InputException;
import picocli.CommandLine.Option;

/** How many threads a verb works with; none of them changes a result, but by the last bits where sums are shared out. */
final class ThreadsOption {
    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "${sys:celllm.threads:-2}",
            description = "Threads to work with (default: the physical cores, here ${DEFAULT-VALUE}).")
    private int threads;

    /** More are allowed only where the machine has more. */
    private static final int LEAST_LIMIT = 256;

    /**
     * As asked for.
     *
     * @throws InputException when there would be none, or more than make sense
     */
    int count() {
        if (threads < 1) {
            throw InputException.about("--threads " + threads)
                    .found("no number of threads")
                    .expected("1 or more")
                    .build();
        }
        int most = Math.max(LEAST_LIMIT, 2 * Runtime.getRuntime().availableProcessors());
        if (threads > most) {
            throw InputException.about("--threads " + threads)
                    .found("more threads than any work here is shared out to")
                    .expected("at most " + most)
                    .build();
        }
        return threads;
    }
}
