package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.EmbeddedCells;
import org.celllm.app.report.HtmlReport;
import org.celllm.app.report.ReportPage;
import org.celllm.app.report.ReportPages;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm report}: one HTML file that opens offline. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description =
                "Writes one HTML file, complete in itself: loss curves, cells, scores, what was read, settings; of a"
                        + " corpus what its cells are like.",
        footer = {
            "",
            "Example:  celllm report annotator --cells embedded.h5ad --out report.html",
            "Of a corpus:  celllm report corpus --out corpus.html"
        })
final class ReportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            paramLabel = "MODEL|ANNOTATOR|EVALUATION|CORPUS",
            description = "A folder that pretrain, annotate fit, evaluate or corpus build made, or the --json of an"
                    + " evaluation.")
    Path subject;

    @Option(
            names = "--cells",
            paramLabel = "FILE.h5ad",
            description = "Cells that `celllm embed` wrote: adds their UMAP, to be coloured by any column.")
    @Nullable
    Path cells;

    @Option(names = "--colour", paramLabel = "COLUMN", description = "The column the UMAP is coloured by at first.")
    @Nullable
    String colour;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the UMAP (default: ${DEFAULT-VALUE}).")
    long seed;

    @Mixin
    OutputOption out;

    @Mixin
    ThreadsOption threads;

    @Mixin
    JsonOption json;

    ReportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Path target = out.freeFile();
        int workers = threads.count();
        ReportPage.CellMap map =
                cells == null ? null : EmbeddedCells.read(cells).map(colour, seed);
        ReportPage page = ReportPages.of(subject, map, workers, console.progress());
        HtmlReport.write(target, page);
        console.line("report: " + target);
        json.write(JsonNodeFactory.instance
                .objectNode()
                .put("report", target.toString())
                .put("bytes", Files.size(target))
                .put("title", page.title()));
        return 0;
    }
}
