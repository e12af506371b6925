package org.celllm.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.tasks.annotate.AnnotatorFit;
import org.celllm.tasks.evaluate.AnnotationEvaluation;
import org.celllm.tasks.evaluate.MethodScores;
import org.celllm.tasks.metrics.ClassScore;
import org.celllm.tasks.metrics.Interval;
import org.jspecify.annotations.Nullable;

/** Scores of methods beside each other. */
final class ScoreTables {
    private ScoreTables() {}

    /** Says where cells without a label were learned from. */
    static void noteFewLabels(Console console, AnnotatorFit fit) {
        if (fit.taughtWithout() > 0) {
            console.line("labels are few: " + Figures.whole(fit.taughtWithout())
                    + " cells without one were learned from as well");
        }
    }

    static void show(Console console, AnnotationEvaluation evaluation) {
        console.heading("Scores: " + evaluation.protocol() + ", " + Figures.whole(evaluation.cells())
                + " labelled cells, 95% intervals");
        List<List<String>> rows = new ArrayList<>();
        for (MethodScores method : evaluation.scores()) {
            rows.add(List.of(
                    method.method(),
                    text(method.macroF1()),
                    text(method.accuracy()),
                    text(method.difference()),
                    String.format(Locale.ROOT, "%.1f", method.seconds())));
        }
        console.table(List.of("method", "macro-F1", "accuracy", "first is ahead by", "s"), rows);
        if (evaluation.duplicates() > 0) {
            console.line("note: cells with a twin on the other side of some split: "
                    + Figures.whole(evaluation.duplicates()));
        }
        console.heading("Classes: " + evaluation.scores().get(0).method());
        List<List<String>> classes = new ArrayList<>();
        for (ClassScore score : evaluation.scores().get(0).confusion().classScores()) {
            classes.add(List.of(
                    score.label(),
                    Figures.whole(score.support()),
                    Figures.share(score.precision()),
                    Figures.share(score.recall()),
                    Figures.share(score.f1())));
        }
        console.table(List.of("class", "tested", "precision", "recall", "F1"), classes);
    }

    /** A mean with its interval, where there is one. */
    static String text(@Nullable Interval interval) {
        if (interval == null) {
            return "–";
        }
        String mean = Figures.share(interval.mean());
        return interval.n() > 1
                ? String.format(Locale.ROOT, "%s [%.3f, %.3f]", mean, interval.low(), interval.high())
                : mean;
    }
}
