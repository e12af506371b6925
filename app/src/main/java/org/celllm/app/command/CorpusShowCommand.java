package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.CorpusFigures;
import org.celllm.app.report.Figures;
import org.celllm.app.report.ReportPage.DataTable;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.CorpusSummary;
import org.celllm.data.corpus.TracedCell;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm corpus show}: what is in a corpus. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Says what is in a corpus: cells, genes, sparsity; diseases and tissues; how many genes cells"
                + " express and what they total. Reads every cell once; `celllm report CORPUS` draws the same.",
        footer = {
            "",
            "Example:  celllm corpus show corpus",
            "Where a cell is from:  celllm corpus show corpus --cell 1234"
        })
final class CorpusShowCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "CORPUS", description = "The corpus.")
    Path corpus;

    @Option(
            names = "--cell",
            paramLabel = "N",
            split = ",",
            description = "Only say where these cells are from, by their numbers in the corpus, from 0: file, row in it"
                    + " (from 0), and what is known of them.")
    List<Long> cells = List.of();

    @Mixin
    ThreadsOption threads;

    @Mixin
    JsonOption json;

    CorpusShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        int workers = threads.count();
        try (Corpus opened = Corpus.open(corpus)) {
            json.write(cells.isEmpty() ? summary(opened, workers) : traced(opened));
        }
        return 0;
    }

    private ObjectNode summary(Corpus opened, int workers) throws IOException {
        CorpusFigures figures = new CorpusFigures(opened, CorpusSummary.of(opened, workers, console.progress()));
        console.heading("Corpus " + corpus);
        console.table(
                List.of("what", "value", "of which"),
                figures.facts().stream()
                        .map(fact -> List.of(fact.label().toLowerCase(Locale.ROOT), fact.value(), fact.note()))
                        .toList());
        for (DataTable table : figures.tables()) {
            console.heading(table.title());
            console.table(table.header(), table.rows());
        }
        console.line("total: what a cell's values sum to over all genes of its file, logarithms undone");
        console.line("vocabulary: " + Figures.whole(opened.manifest().genes()) + " genes, "
                + opened.manifest().geneRule());
        return figures.json();
    }

    private ObjectNode traced(Corpus opened) throws IOException {
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        List<List<String>> rows = new ArrayList<>();
        for (long number : cells) {
            TracedCell cell = TracedCell.of(opened, number);
            rows.add(List.of(
                    Figures.whole(cell.cell()),
                    cell.source(),
                    cell.path(),
                    Figures.whole(cell.row()),
                    cell.disease().word(),
                    Objects.requireNonNullElse(cell.tissue(), "–"),
                    Objects.requireNonNullElse(cell.label(), "–"),
                    cell.split().name().toLowerCase(Locale.ROOT),
                    Figures.whole(cell.genes()),
                    Figures.plain(cell.total())));
            figures.withArray("cells")
                    .addObject()
                    .put("cell", cell.cell())
                    .put("source", cell.source())
                    .put("path", cell.path())
                    .put("row", cell.row())
                    .put("disease", cell.disease().word())
                    .put("tissue", cell.tissue())
                    .put("label", cell.label())
                    .put("split", cell.split().name().toLowerCase(Locale.ROOT))
                    .put("genes", cell.genes())
                    .put("total", cell.total());
        }
        console.table(
                List.of("cell", "source", "file", "row", "disease", "tissue", "label", "split", "genes", "total"),
                rows);
        return figures;
    }
}
