package org.celllm.app.command;

import org.celllm.app.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code celllm genes}: groups the verbs about embeddings of genes. */
@Command(
        name = "genes",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        description = "Embeddings of genes, for `celllm pretrain --gene-embeddings` to start from.")
final class GenesCommand implements Runnable {
    private final Console console;

    @Spec
    CommandSpec spec;

    private GenesCommand(Console console) {
        this.console = console;
    }

    static CommandLine commandLine(Console console) {
        return new CommandLine(new GenesCommand(console))
                .addSubcommand(new GenesImportCommand(console))
                .addSubcommand(new GenesEmbedCommand(console));
    }

    @Override
    public void run() {
        spec.commandLine().usage(console.outWriter());
    }
}
