package org.celllm.app.command;

import org.celllm.app.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code celllm response}: groups fitting and predicting. */
@Command(
        name = "response",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        description = "Learns how cell lines respond to drugs (ln IC50), and predicts it for other lines and drugs.")
final class ResponseCommand implements Runnable {
    private final Console console;

    @Spec
    CommandSpec spec;

    private ResponseCommand(Console console) {
        this.console = console;
    }

    static CommandLine commandLine(Console console) {
        return new CommandLine(new ResponseCommand(console))
                .addSubcommand(new ResponseFitCommand(console))
                .addSubcommand(new ResponsePredictCommand(console));
    }

    @Override
    public void run() {
        spec.commandLine().usage(console.outWriter());
    }
}
