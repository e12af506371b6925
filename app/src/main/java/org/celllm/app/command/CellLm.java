package org.celllm.app.command;

import java.nio.file.Path;
import java.util.function.Consumer;
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
                .setUsageHelpAutoWidth(true)
                .setExecutionStrategy(WrittenPaths.checked());
        explain(celllm);
        return celllm;
    }

    /**
     * The command, with paths relative to a folder.
     *
     * @param read takes every path that is read from arguments
     */
    static CommandLine commandLine(Console console, Path folder, Consumer<Path> read) {
        return commandLine(console).registerConverter(Path.class, text -> {
            Path path = folder.resolve(text).normalize();
            read.accept(path);
            return path;
        });
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
