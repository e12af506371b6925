package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.annotate.Predictions;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.files.CsvText;
import org.celllm.tasks.neighbours.LabelledReference;
import org.celllm.tasks.neighbours.NeighbourFiles;
import org.celllm.tasks.neighbours.NeighbourSearch;
import org.celllm.tasks.neighbours.SearchIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm neighbours}: labels by the nearest labelled cells, without any training. */
@Command(
        name = "neighbours",
        mixinStandardHelpOptions = true,
        description =
                "Finds for each cell of QUERY the labelled cells of REFERENCE that the model puts nearest to it by"
                        + " cosine, and the label they vote for. Writes a csv, or a copy of QUERY with obs celllm_label,"
                        + " celllm_share, celllm_nearest and obsm celllm_neighbours, celllm_neighbour_distances.",
        footer = {
            "",
            "Example:  celllm neighbours model atlas.h5ad cells.h5ad --label cell_type --out neighbours.csv",
            "",
            "The label is only as good as the model's embedding: score it first, on labelled cells, by",
            "          celllm evaluate annotation model atlas.h5ad --label cell_type --probe --out evaluation"
        })
final class NeighboursCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's folder.")
    Path model;

    @Parameters(index = "1", paramLabel = "REFERENCE", description = "The labelled cells.")
    Path reference;

    @Parameters(index = "2", paramLabel = "QUERY", description = "The cells to label.")
    Path query;

    @Option(
            names = "--label",
            required = true,
            paramLabel = "COLUMN",
            description = "Column of obs of REFERENCE with the labels.")
    String label;

    @Mixin
    OutputOption out;

    @Option(
            names = {"-k", "--k"},
            paramLabel = "N",
            defaultValue = "15",
            description = "Neighbours that vote (default: ${DEFAULT-VALUE}).")
    int k;

    @Option(
            names = "--threshold",
            paramLabel = "P",
            defaultValue = "0",
            description =
                    "Cells whose label has a smaller share of the vote stay unassigned (default: ${DEFAULT-VALUE}).")
    double threshold;

    @Option(
            names = "--index",
            paramLabel = "auto|exact|hnsw",
            defaultValue = "auto",
            description =
                    "exact: every cell beside every other. hnsw: through a graph, which misses a neighbour now and"
                            + " then. auto: exact up to 200,000 labelled cells (default).")
    String index;

    @Option(
            names = "--most-cells",
            paramLabel = "N",
            defaultValue = "10000000",
            description = "Labelled cells used at most, a stratified sample beyond (default: ${DEFAULT-VALUE}).")
    int mostCells;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of that sample (default: ${DEFAULT-VALUE}).")
    long seed;

    @Mixin
    EmbeddingOptions embedding;

    @Mixin
    JsonOption json;

    NeighboursCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.freeFile();
        CsvText.orH5ad(target);
        SearchIndex chosen = SearchIndex.of(index);
        if (k < 1 || mostCells < 2) {
            throw InputException.about(k < 1 ? "--k " + k : "--most-cells " + mostCells)
                    .found("too few")
                    .expected(k < 1 ? "a neighbour at least" : "two cells at least")
                    .build();
        }
        EmbedSettings settings = embedding.settings();
        try (CellEmbedder embedder = CellEmbedder.open(model, settings);
                Workers workers = new Workers(settings.threads())) {
            LabelledReference cells =
                    LabelledReference.read(embedder, reference, label, mostCells, seed, console.progress());
            NeighbourSearch search = chosen.over(cells.vectors(), workers, console.progress());
            NeighbourFiles.Result result =
                    NeighbourFiles.write(embedder, cells, search, query, target, k, threshold, console.progress());
            console.heading("Reference: " + reference);
            EmbedCommand.show(console, cells.reading());
            if (cells.left() > 0) {
                console.line("left out beyond --most-cells: " + Figures.whole(cells.left()) + " labelled cells");
            }
            console.heading("Query: " + query);
            EmbedCommand.show(console, result.reading());
            show(cells, search, result);
            console.line("labels: " + target);
            json.write(figures(target, cells, search, result));
        }
        return 0;
    }

    private void show(LabelledReference cells, NeighbourSearch search, NeighbourFiles.Result result) {
        List<List<String>> rows = new ArrayList<>();
        int[] known = cells.labels().counts();
        for (int c = 0; c < result.counts().length; c++) {
            boolean last = c == known.length;
            rows.add(List.of(
                    last ? Predictions.UNASSIGNED : cells.labels().names().get(c),
                    last ? "–" : Figures.whole(known[c]),
                    Figures.whole(result.counts()[c]),
                    Figures.percent((double) result.counts()[c]
                            / Math.max(1, result.reading().cells()))));
        }
        console.heading("Labels by " + Math.min(k, cells.vectors().size()) + " neighbours (" + search.word() + ")");
        console.table(List.of("label", "in the reference", "cells", "share"), rows);
        console.line("share of the vote " + Figures.share(result.meanShare()) + ", distance of the nearest cell "
                + Figures.share(result.meanDistance()) + " on average; searching took "
                + String.format(java.util.Locale.ROOT, "%.1f s", result.seconds()));
    }

    private ObjectNode figures(
            Path target, LabelledReference cells, NeighbourSearch search, NeighbourFiles.Result result) {
        ObjectNode figures = JsonNodeFactory.instance
                .objectNode()
                .put("file", target.toString())
                .put("referenceCells", cells.vectors().size())
                .put("cells", result.reading().cells())
                .put("k", k)
                .put("index", search.word())
                .put("threshold", threshold)
                .put("meanShare", result.meanShare())
                .put("meanNearestDistance", result.meanDistance())
                .put("searchSeconds", result.seconds())
                .put("meanMappedFraction", result.reading().meanMappedFraction());
        ObjectNode labels = figures.putObject("labels");
        for (int c = 0; c < cells.labels().classes(); c++) {
            labels.put(cells.labels().names().get(c), result.counts()[c]);
        }
        figures.put("unassigned", result.counts()[cells.labels().classes()]);
        return figures;
    }
}
