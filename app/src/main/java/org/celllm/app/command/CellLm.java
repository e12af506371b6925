package org.celllm.app.command;

import org.celllm.app.Main;
import org.celllm.app.console.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command itself: all that it does alone is show its verbs. */
@Command(
        name = "celllm",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "VERB",
        description = "Single-cell language models on the JVM: count matrices in; a trained model, embeddings and"
                + " labelled cells out.",
        commandListHeading = "%nVerbs:%n",
        footer = {
            "",
            "Start here:  celllm demo",
            "Each verb explains itself:  celllm VERB --help",
            "",
            "Exit codes: 0 done, 2 something about your input, 1 a fault in CellLM."
        })
public final class CellLm implements Runnable {
    private final Console console;

    private CellLm(Console console) {
        this.console = console;
    }

    /** The command with all its verbs. */
    public static CommandLine commandLine(Console console) {
        CommandLine celllm = new CommandLine(new CellLm(console))
                .addSubcommand(new DemoCommand(console, verb -> Main.run(console, verb.toArray(String[]::new))))
                .addSubcommand(new InspectCommand(console))
                .addSubcommand(CorpusCommand.commandLine(console))
                .addSubcommand(GenesCommand.commandLine(console))
                .addSubcommand(new PretrainCommand(console))
                .addSubcommand(new EmbedCommand(console))
                .addSubcommand(AnnotateCommand.commandLine(console))
                .addSubcommand(new NeighboursCommand(console))
                .addSubcommand(SensitivityCommand.commandLine(console))
                .addSubcommand(ResponseCommand.commandLine(console))
                .addSubcommand(EvaluateCommand.commandLine(console))
                .addSubcommand(new ImportCommand(console))
                .addSubcommand(new ReportCommand(console))
                .addSubcommand(new SimulateCommand(console))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpAutoWidth(true);
        explain(celllm);
        return celllm;
    }

    /** Options in the order they are declared, the important first; a synopsis that fits a line. */
    private static void explain(CommandLine command) {
        command.getCommandSpec().usageMessage().sortOptions(false).abbreviateSynopsis(true);
        command.getSubcommands().values().forEach(CellLm::explain);
    }

    @Override
    public void run() {
        commandLine(console).usage(console.outWriter());
    }
}
