package org.celllm.app.command;

import org.celllm.app.console.Console;
import org.celllm.tasks.pieces.CellRun;
import picocli.CommandLine.Option;

/** {@code --resume} of the verbs that go through the cells of a file. */
final class ResumeOption {
    @Option(
            names = "--resume",
            description =
                    "Go on with a run for the same --out that was cut off: finished cells, which stand beside it, are"
                            + " not computed again. Refused where it would give other results. Without it, what is left of such"
                            + " a run is removed.")
    boolean resume;

    CellRun run(Console console) {
        return new CellRun(resume, console::notice, console.progress());
    }
}
