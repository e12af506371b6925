package org.celllm.app.command;

import org.celllm.app.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code celllm annotate}: groups fitting and predicting. */
@Command(
        name = "annotate",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        description = "Learns labels from labelled cells, and gives them to others.")
final class AnnotateCommand implements Runnable {
    private final Console console;

    @Spec
    CommandSpec spec;

    private AnnotateCommand(Console console) {
        this.console = console;
    }

    static CommandLine commandLine(Console console) {
        return new CommandLine(new AnnotateCommand(console))
                .addSubcommand(new AnnotateFitCommand(console))
                .addSubcommand(new AnnotatePredictCommand(console))
                .addSubcommand(new AnnotateMarkersCommand(console))
                .addSubcommand(new AnnotateImportCommand(console));
    }

    @Override
    public void run() {
        spec.commandLine().usage(console.outWriter());
    }
}
