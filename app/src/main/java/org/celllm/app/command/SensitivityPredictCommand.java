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
import org.celllm.tasks.annotate.Predictions;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.sensitivity.SensitivityFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm sensitivity predict}: which cells of a file the drug kills. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description =
                "Predicts the sensitivity of cells: a copy of the file with obs celllm_sensitivity (the probability)"
                        + " and celllm_sensitivity_label, or a csv with the header cell,label,sensitivity.",
        footer = {"", "Example:  celllm sensitivity predict sensitivity cells.h5ad --out predicted.h5ad"})
final class SensitivityPredictCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "PREDICTOR", description = "A folder that sensitivity fit made.")
    Path predictor;

    @Parameters(index = "1", paramLabel = "FILE", description = "The cells.")
    Path file;

    @Mixin
    OutputOption out;

    @Option(
            names = "--threshold",
            paramLabel = "P",
            defaultValue = "0.5",
            description = "Probability from which on a cell is called sensitive (default: ${DEFAULT-VALUE}).")
    double threshold;

    @Mixin
    ReadingOptions reading;

    @Mixin
    ComputeOptions compute;

    @Mixin
    JsonOption json;

    SensitivityPredictCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.freeFile();
        if (!(threshold >= 0 && threshold <= 1)) {
            throw InputException.about("--threshold " + threshold)
                    .found("is no probability")
                    .expected("0 to 1")
                    .build();
        }
        EmbedSettings settings = compute.settings(reading);
        try (Annotator opened = SensitivityFiles.open(predictor, settings)) {
            Predictions predictions =
                    SensitivityFiles.predict(opened, settings, file, target, threshold, console.progress());
            EmbedCommand.show(console, predictions.reading());
            show(predictions);
            console.line("sensitivities: " + target);
            json.write(figures(target, predictions));
        }
        return 0;
    }

    private void show(Predictions predictions) {
        int[] counts = predictions.counts();
        List<List<String>> rows = new ArrayList<>();
        for (int c = predictions.labels().size() - 1; c >= 0; c--) {
            rows.add(List.of(
                    predictions.labels().get(c),
                    Figures.whole(counts[c]),
                    Figures.percent((double) counts[c] / predictions.codes().length)));
        }
        int blank = counts[counts.length - 1];
        if (blank > 0) {
            rows.add(List.of(
                    Predictions.UNASSIGNED,
                    Figures.whole(blank),
                    Figures.percent((double) blank / predictions.codes().length)));
        }
        console.table(List.of("label", "cells", "share"), rows);
        if (blank > 0) {
            console.notice("warning: " + Figures.whole(blank) + (blank == 1 ? " cell expresses" : " cells express")
                    + " none of the genes that the predictor reads; no label for " + (blank == 1 ? "it" : "them"));
        }
    }

    private ObjectNode figures(Path target, Predictions predictions) {
        int[] counts = predictions.counts();
        ObjectNode figures = JsonNodeFactory.instance
                .objectNode()
                .put("file", target.toString())
                .put("cells", predictions.codes().length)
                .put("threshold", threshold);
        for (int c = 0; c < predictions.labels().size(); c++) {
            figures.put(predictions.labels().get(c), counts[c]);
        }
        return figures.put("unassigned", counts[counts.length - 1])
                .put("meanMappedFraction", predictions.reading().meanMappedFraction())
                .put("seconds", predictions.seconds());
    }
}
