package org.celllm.app.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.data.corpus.BuildRun;
import org.celllm.data.corpus.CorpusBuilder;
import org.celllm.data.corpus.CorpusReport;
import org.celllm.data.corpus.CorpusSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code celllm corpus build}: sources become a corpus. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        description = "Builds a corpus. A source that cannot be used is listed with its reason and the others go on;"
                + " the exit code is then 2 unless --skip-refused is given.",
        footer = {
            "",
            "Example:  celllm corpus build blood/ --disease normal --out corpus",
            "By list:  celllm corpus build sources.yaml --genes genes.tsv --out corpus"
        })
final class CorpusBuildCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    SourceOptions sources;

    @Mixin
    OutputOption out;

    @Option(
            names = "--genes",
            paramLabel = "FILE",
            description = "Vocabulary, one gene a line (default: genes seen in --min-cells cells of some source).")
    @Nullable
    Path genes;

    @Mixin
    GeneTableOptions tables;

    @Option(
            names = "--min-cells",
            paramLabel = "N",
            description = "Cells of a source that must express a gene for it to be in (default: ${DEFAULT-VALUE}).")
    int minCells = CorpusSettings.DEFAULT.minCells();

    @Option(
            names = "--min-genes",
            paramLabel = "N",
            description = "Genes a cell must express (default: ${DEFAULT-VALUE}).")
    int minGenes = CorpusSettings.DEFAULT.minGenes();

    @Option(
            names = "--min-counts",
            paramLabel = "N",
            description = "Counts a cell must have (default: ${DEFAULT-VALUE}).")
    long minCounts = CorpusSettings.DEFAULT.minCounts();

    @Mixin
    ThreadsOption threads;

    @Option(
            names = "--resume",
            description = "Go on with a build of the same --out that was cut off: finished sources are not read again"
                    + " unless they or the settings have changed. Without it, what is left of such a build is removed.")
    boolean resume;

    @Mixin
    JsonOption json;

    CorpusBuildCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        CorpusSettings settings = new CorpusSettings(genes, tables.tables(), minCells, minGenes, minCounts, out.force);
        BuildRun run = new BuildRun(threads.count(), resume, console::notice);
        CorpusReport report = CorpusBuilder.build(sources.sources(), out.path, settings, run, console.progress());
        CorpusTables.show(console, report);
        json.write(CorpusTables.figures(report));
        if (!sources.skipRefused) {
            report.requireNoneRefused();
        }
        return 0;
    }
}
