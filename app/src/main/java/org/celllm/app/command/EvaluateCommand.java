package org.celllm.app.command;

import org.celllm.app.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code celllm evaluate}: groups the protocols. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "PROTOCOL",
        commandListHeading = "%nProtocols:%n",
        description =
                "Scores a model beside its baselines, on splits that are written out; or measures how embeddings spread;"
                        + " or runs a list of such evaluations.")
final class EvaluateCommand implements Runnable {
    private final Console console;

    @Spec
    CommandSpec spec;

    private EvaluateCommand(Console console) {
        this.console = console;
    }

    static CommandLine commandLine(Console console) {
        return new CommandLine(new EvaluateCommand(console))
                .addSubcommand(new EvaluateAnnotationCommand(console))
                .addSubcommand(new EvaluateExpressionCommand(console))
                .addSubcommand(new EvaluateIsotropyCommand(console))
                .addSubcommand(new EvaluateResponseCommand(console))
                .addSubcommand(new EvaluateSensitivityCommand(console))
                .addSubcommand(new EvaluateSuiteCommand(console));
    }

    @Override
    public void run() {
        spec.commandLine().usage(console.outWriter());
    }
}
