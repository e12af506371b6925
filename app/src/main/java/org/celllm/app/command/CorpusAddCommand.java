package org.celllm.app.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.data.corpus.CorpusBuilder;
import org.celllm.data.corpus.CorpusReport;
import org.celllm.data.corpus.CorpusSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code celllm corpus add}: further sources join a corpus. */
@Command(
        name = "add",
        mixinStandardHelpOptions = true,
        description = "Adds sources to a corpus, over the genes and with the filters it has.",
        footer = {"", "Example:  celllm corpus add --to corpus tumours/ --disease cancer"})
final class CorpusAddCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--to", required = true, paramLabel = "CORPUS", description = "The corpus.")
    Path corpus;

    @Mixin
    SourceOptions sources;

    @Mixin
    GeneTableOptions tables;

    @Mixin
    JsonOption json;

    CorpusAddCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        CorpusSettings settings = CorpusSettings.DEFAULT.with(tables.tables());
        CorpusReport report = CorpusBuilder.add(corpus, sources.sources(), settings, console.progress());
        CorpusTables.show(console, report);
        json.write(CorpusTables.figures(report));
        if (!sources.skipRefused) {
            report.requireNoneRefused();
        }
        return 0;
    }
}
