package org.celllm.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.tasks.annotate.LabelledCells;
import org.celllm.tasks.evaluate.AnnotationEvaluation;
import org.celllm.tasks.evaluate.AnnotationProtocol;
import org.celllm.tasks.evaluate.MethodScores;
import org.celllm.tasks.evaluate.RankingScores;
import org.celllm.tasks.labels.CellLabels;
import org.celllm.tasks.metrics.Interval;

/** Scores of drug sensitivity, a table a protocol. */
final class SensitivityTables {
    private SensitivityTables() {}

    static void showLabels(Console console, CellLabels labels) {
        int[] counts = labels.counts();
        List<String> parts = new ArrayList<>();
        for (int c = counts.length - 1; c >= 0; c--) {
            parts.add(Figures.whole(counts[c]) + " " + labels.names().get(c));
        }
        int without = labels.codes().length - labels.labelled();
        console.line("cells: " + String.join(", ", parts)
                + (without > 0 ? ", " + Figures.whole(without) + " without a label" : ""));
    }

    static void show(Console console, AnnotationEvaluation evaluation) {
        if (evaluation.scores().isEmpty()) {
            console.line("no scores: " + evaluation.protocol());
            return;
        }
        console.heading("Scores: " + evaluation.protocol() + ", " + Figures.whole(evaluation.cells())
                + " labelled cells, 95% intervals");
        RankingScores first = evaluation.scores().get(0).ranking();
        List<List<String>> rows = new ArrayList<>();
        for (MethodScores method : evaluation.scores()) {
            RankingScores ranking = method.ranking();
            Interval behind = first == null || ranking == null || rows.isEmpty() ? null : ranking.behind(first);
            rows.add(List.of(
                    method.method(),
                    ScoreTables.text(method.macroF1()),
                    ScoreTables.text(method.difference()),
                    ScoreTables.text(ranking == null ? null : ranking.auroc()),
                    ScoreTables.text(behind),
                    ScoreTables.text(ranking == null ? null : ranking.averagePrecision()),
                    String.format(Locale.ROOT, "%.1f", method.seconds())));
        }
        console.table(
                List.of("method", "macro-F1", "first is ahead by", "AUROC", "ahead by", "average precision", "s"),
                rows);
        if (evaluation.duplicates() > 0) {
            console.line("note: " + Figures.whole(evaluation.duplicates())
                    + " cells have a twin on the other side of some split");
        }
    }

    /** Says where the encoder is not asked, since it was not trained on values like these. */
    static void noteValues(Console console, LabelledCells cells) {
        if (cells.valuesAreScaled()) {
            console.line("note: values are scaled, which the encoder reads as ranks alone: the model does without it");
        }
    }

    /** Each trial by itself, where the trials are groups of cells that differ. */
    static void showTrials(Console console, AnnotationProtocol protocol, AnnotationEvaluation evaluation) {
        RankingScores first = evaluation.scores().get(0).ranking();
        if (first != null && first.auroc() == null) {
            console.line("note: every group is of one class, so there is nothing to rank and macro-F1 says little:"
                    + " read how many of a group's cells are called right, in groups of both classes");
        }
        List<String> header = new ArrayList<>(List.of("right calls"));
        protocol.trials().forEach(trial -> header.add(trial.name()));
        List<List<String>> rows = new ArrayList<>();
        for (MethodScores method : evaluation.scores()) {
            List<String> row = new ArrayList<>(List.of(method.method()));
            for (double accuracy : method.accuracyByTrial()) {
                row.add(Figures.share(accuracy));
            }
            rows.add(row);
        }
        console.table(header, rows);
    }
}
