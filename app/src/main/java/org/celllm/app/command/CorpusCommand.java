package org.celllm.app.command;

import org.celllm.app.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code celllm corpus}: groups the verbs about corpora. */
@Command(
        name = "corpus",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        description =
                "Builds, shows, checks and changes corpora: cells of many files over one vocabulary, ready for training.")
final class CorpusCommand implements Runnable {
    private final Console console;

    @Spec
    CommandSpec spec;

    private CorpusCommand(Console console) {
        this.console = console;
    }

    static CommandLine commandLine(Console console) {
        return new CommandLine(new CorpusCommand(console))
                .addSubcommand(new CorpusBuildCommand(console))
                .addSubcommand(new CorpusShowCommand(console))
                .addSubcommand(new CorpusVerifyCommand(console))
                .addSubcommand(new CorpusAddCommand(console))
                .addSubcommand(new CorpusRemoveCommand(console));
    }

    @Override
    public void run() {
        spec.commandLine().usage(console.outWriter());
    }
}
