package org.celllm.app.command;

import org.celllm.app.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code celllm sensitivity}: groups fitting and predicting. */
@Command(
        name = "sensitivity",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        description =
                "Learns which cells a drug kills from few labelled cells or from cell lines, and predicts it for others.")
final class SensitivityCommand implements Runnable {
    private final Console console;

    @Spec
    CommandSpec spec;

    private SensitivityCommand(Console console) {
        this.console = console;
    }

    static CommandLine commandLine(Console console) {
        return new CommandLine(new SensitivityCommand(console))
                .addSubcommand(new SensitivityFitCommand(console))
                .addSubcommand(new SensitivityPredictCommand(console));
    }

    @Override
    public void run() {
        spec.commandLine().usage(console.outWriter());
    }
}
