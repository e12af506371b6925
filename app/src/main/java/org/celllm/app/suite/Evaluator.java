package org.celllm.app.suite;

import java.nio.file.Path;
import java.util.List;
import org.celllm.app.Outcome;
import org.jspecify.annotations.Nullable;

/** Runs an evaluation as its own command does. */
public interface Evaluator {
    /**
     * Reads the options of an evaluation without running it.
     *
     * @param out where it would write
     */
    Checked check(SuiteEntry entry, Path out);

    /**
     * Runs an evaluation.
     *
     * @param out where it writes; replaced when it exists
     */
    Outcome run(SuiteEntry entry, Path out);

    /**
     * What the options of an evaluation say.
     *
     * @param problem why they cannot be used, or {@code null}
     * @param inputs files and folders that they name
     */
    record Checked(@Nullable String problem, List<Path> inputs) {
        public Checked {
            inputs = List.copyOf(inputs);
        }
    }
}
