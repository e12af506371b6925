package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.tasks.annotate.Annotator;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.markers.MarkerGenes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm annotate markers}: the genes that carry an annotator's decisions. */
@Command(
        name = "markers",
        mixinStandardHelpOptions = true,
        description =
                "Says for each label which genes made the annotator give it: takes every expressed gene out of a few"
                        + " of the label's cells, one at a time, and measures the log-odds that go with it. Writes a csv with the"
                        + " header label,rank,gene,worth,expressed,cells,asked.",
        footer = {"", "Example:  celllm annotate markers annotator cells.h5ad --out markers.csv"})
final class AnnotateMarkersCommand implements Callable<Integer> {
    private static final int SHOWN = 8;

    private final Console console;

    @Parameters(index = "0", paramLabel = "ANNOTATOR", description = "A folder that annotate fit made.")
    Path annotator;

    @Parameters(index = "1", paramLabel = "FILE", description = "The cells.")
    Path file;

    @Mixin
    OutputOption out;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "20",
            description = "Genes kept a label (default: ${DEFAULT-VALUE}).")
    int top;

    @Option(
            names = "--cells-per-type",
            paramLabel = "N",
            defaultValue = "5",
            description = "Cells of a label whose genes are taken out; time grows with it (default: ${DEFAULT-VALUE}).")
    int cellsPerType;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the draw of those cells (default: ${DEFAULT-VALUE}).")
    long seed;

    @Mixin
    ReadingOptions reading;

    @Mixin
    ComputeOptions compute;

    @Mixin
    JsonOption json;

    AnnotateMarkersCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.freeFile();
        MarkerGenes.Settings settings =
                Checked.option("--top, --cells-per-type", () -> new MarkerGenes.Settings(top, cellsPerType, seed));
        EmbedSettings embed = compute.settings(reading);
        try (Annotator opened = Annotator.open(annotator, embed)) {
            MarkerGenes markers = MarkerGenes.find(opened, file, settings, console.progress());
            markers.write(target);
            show(markers);
            console.line("markers: " + target);
            json.write(figures(target, markers));
        }
        return 0;
    }

    private void show(MarkerGenes markers) {
        List<List<String>> rows = new ArrayList<>();
        for (MarkerGenes.OfType type : markers.types()) {
            rows.add(List.of(
                    type.label(),
                    Figures.whole(type.cells()),
                    Figures.whole(type.asked()),
                    type.genes().stream()
                            .limit(SHOWN)
                            .map(gene -> String.format(Locale.ROOT, "%s %.2f", gene.name(), gene.worth()))
                            .collect(Collectors.joining(", "))));
        }
        console.table(List.of("label", "cells", "asked", "genes, log-odds that go with them"), rows);
    }

    private static ObjectNode figures(Path target, MarkerGenes markers) {
        ObjectNode figures = JsonNodeFactory.instance.objectNode().put("file", target.toString());
        ArrayNode types = figures.putArray("types");
        for (MarkerGenes.OfType type : markers.types()) {
            ObjectNode one = types.addObject()
                    .put("label", type.label())
                    .put("cells", type.cells())
                    .put("asked", type.asked());
            ArrayNode genes = one.putArray("genes");
            type.genes()
                    .forEach(gene -> genes.addObject()
                            .put("gene", gene.name())
                            .put("worth", gene.worth())
                            .put("expressed", gene.expressed()));
        }
        return figures;
    }
}
