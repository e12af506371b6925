package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.tasks.annotate.BatchDifference;
import org.celllm.tasks.annotate.FilePredictions;
import org.celllm.tasks.annotate.Predictions;
import org.celllm.tasks.annotate.TrainingCells;

/** What cells were called, and how far they are from those that were learned from. */
final class PredictionTables {
    private PredictionTables() {}

    /** Fails for a threshold that is none. */
    static void checkThreshold(double threshold) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw InputException.about("--threshold " + threshold)
                    .found("is no probability")
                    .expected("0 to 1")
                    .build();
        }
    }

    static void show(Console console, FilePredictions predictions) {
        EmbedCommand.show(console, predictions.reading());
        int[] counts = predictions.counts();
        List<List<String>> rows = new ArrayList<>();
        for (int c = 0; c < counts.length; c++) {
            String label =
                    c < predictions.labels().size() ? predictions.labels().get(c) : Predictions.UNASSIGNED;
            rows.add(List.of(
                    label, Figures.whole(counts[c]), Figures.percent((double) counts[c] / predictions.cells())));
        }
        console.table(List.of("label", "cells", "share"), rows);
        show(console, predictions.difference());
    }

    private static void show(Console console, BatchDifference difference) {
        TrainingCells trained = difference.trained();
        console.table(
                List.of("", "training cells", "these cells"),
                List.of(
                        List.of(
                                "genes that are read",
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

    /** For {@code --json}: {@code labels} has the counts. */
    static ObjectNode figures(Path target, double threshold, FilePredictions predictions) {
        ObjectNode figures = JsonNodeFactory.instance
                .objectNode()
                .put("file", target.toString())
                .put("cells", predictions.cells())
                .put("threshold", threshold)
                .put("seconds", predictions.seconds())
                .put("meanMappedFraction", predictions.reading().meanMappedFraction())
                .put("missingValues", predictions.reading().missing());
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
}
