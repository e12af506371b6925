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

    /**
     * As asked for.
     *
     * @throws InputException when there would be none
     */
    int count() {
        if (threads < 1) {
            throw InputException.about("--threads " + threads)
                    .found("no number of threads")
                    .expected("1 or more")
                    .build();
        }
        return threads;
    }
}
