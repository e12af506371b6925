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
import org.celllm.tasks.annotate.Annotator;
import org.celllm.tasks.annotate.BatchDifference;
import org.celllm.tasks.annotate.FilePredictions;
import org.celllm.tasks.annotate.PredictionFiles;
import org.celllm.tasks.annotate.Predictions;
import org.celllm.tasks.annotate.TrainingCells;
import org.celllm.tasks.embed.EmbedSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm annotate predict}: an annotator labels cells. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description =
                "Labels the cells of a file: a copy with obs celllm_label and celllm_probability, or a csv with the"
                        + " header cell,label,probability.",
        footer = {"", "Example:  celllm annotate predict annotator cells.h5ad --out labelled.h5ad"})
final class AnnotatePredictCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "ANNOTATOR", description = "A folder that annotate fit made.")
    Path annotator;

    @Parameters(index = "1", paramLabel = "FILE", description = "The cells.")
    Path file;

    @Mixin
    OutputOption out;

    @Option(
            names = "--threshold",
            paramLabel = "P",
            defaultValue = "0.5",
            description = "Cells whose likeliest label is less probable stay unassigned (default: ${DEFAULT-VALUE}).")
    double threshold;

    @Mixin
    ReadingOptions reading;

    @Mixin
    ComputeOptions compute;

    @Mixin
    ResumeOption resume;

    @Mixin
    JsonOption json;

    AnnotatePredictCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw InputException.about("--threshold " + threshold)
                    .found("is no probability")
                    .expected("0 to 1")
                    .build();
        }
        Path target = out.freeFile();
        EmbedSettings settings = compute.settings(reading);
        try (Annotator opened = Annotator.open(annotator, settings)) {
            FilePredictions predictions =
                    PredictionFiles.predictFile(opened, file, target, threshold, resume.run(console));
            EmbedCommand.show(console, predictions.reading());
            show(predictions);
            show(predictions.difference());
            console.line("labels: " + target);
            json.write(figures(target, predictions));
        }
        return 0;
    }

    private void show(FilePredictions predictions) {
        int[] counts = predictions.counts();
        List<List<String>> rows = new ArrayList<>();
        for (int c = 0; c < counts.length; c++) {
            String label =
                    c < predictions.labels().size() ? predictions.labels().get(c) : Predictions.UNASSIGNED;
            rows.add(List.of(
                    label, Figures.whole(counts[c]), Figures.percent((double) counts[c] / predictions.cells())));
        }
        console.table(List.of("label", "cells", "share"), rows);
    }

    private void show(BatchDifference difference) {
        TrainingCells trained = difference.trained();
        console.table(
                List.of("", "training cells", "these cells"),
                List.of(
                        List.of(
                                "genes that the annotator reads",
                                Figures.whole(difference.genes()),
                                Figures.whole(difference.genes() - difference.missing())),
                        List.of(
                                "expressed genes of the median cell",
                                trained == null
                                        ? "–"
                                        : Figures.plain(trained.depth().genes()),
                                Figures.plain(difference.here().genes())),
                        List.of(
                                "total of the median cell",
                                trained == null
                                        ? "–"
                                        : Figures.plain(trained.depth().total()),
                                Figures.plain(difference.here().total())),
                        List.of("values", trained == null ? "–" : trained.values(), difference.values()),
                        List.of("unassigned", "–", Figures.percent(difference.unassigned()))));
        difference.warnings().forEach(warning -> console.notice("warning: " + warning));
    }

    private static ObjectNode figures(BatchDifference difference) {
        ObjectNode figures = JsonNodeFactory.instance
                .objectNode()
                .put("genes", difference.genes())
                .put("missing", difference.missing())
                .put("medianGenes", difference.here().genes())
                .put("medianTotal", difference.here().total());
        TrainingCells trained = difference.trained();
        if (trained != null) {
            figures.put("trainingMedianGenes", trained.depth().genes())
                    .put("trainingMedianTotal", trained.depth().total())
                    .put("trainingValues", trained.values());
        }
        difference.warnings().forEach(figures.putArray("warnings")::add);
        return figures;
    }

    private ObjectNode figures(Path target, FilePredictions predictions) {
        ObjectNode figures = JsonNodeFactory.instance
                .objectNode()
                .put("file", target.toString())
                .put("cells", predictions.cells())
                .put("threshold", threshold)
                .put("seconds", predictions.seconds())
                .put("meanMappedFraction", predictions.reading().meanMappedFraction());
        ObjectNode labels = figures.putObject("labels");
        int[] counts = predictions.counts();
        for (int c = 0; c < predictions.labels().size(); c++) {
            labels.put(predictions.labels().get(c), counts[c]);
        }
        figures.put("unassigned", counts[counts.length - 1]);
        figures.put("cellsPerSecond", predictions.reading().cellsPerSecond());
        figures.set("difference", figures(predictions.difference()));
        return figures;
    }
}
