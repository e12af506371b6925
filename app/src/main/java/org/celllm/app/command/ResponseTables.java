package org.celllm.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.tasks.metrics.Interval;
import org.celllm.tasks.response.ResponseData;
import org.celllm.tasks.response.ResponseEvaluation;
import org.celllm.tasks.response.ResponseMeasure;
import org.celllm.tasks.response.ResponseMethodScores;
import org.celllm.tasks.response.ResponseScores;
import org.jspecify.annotations.Nullable;

/** Scores of drug response, a table a split. */
final class ResponseTables {
    private static final int NAMES_SHOWN = 5;

    private ResponseTables() {}

    static void showData(Console console, ResponseData data) {
        console.line(Figures.counted(data.responses().pairs(), "pair") + " of "
                + Figures.counted(data.responses().lines().size(), "line") + " and "
                + Figures.counted(data.responses().drugs().size(), "drug"));
        if (data.responses().looksLikeConcentrations()) {
            console.line("note: no response is below zero and the largest is "
                    + Figures.plain(data.responses().largest())
                    + ": is this IC50 itself? Expected is its natural logarithm, of µM");
        }
        ResponseData.LeftOut left = data.left();
        if (left.pairs() > 0) {
            console.line("note: " + Figures.counted(left.pairs(), "pair") + " left out, for want of features: "
                    + named(left.lines(), "line") + " and " + named(left.drugs(), "drug"));
        }
        float[] thresholds = data.thresholds();
        if (thresholds != null) {
            int without = 0;
            for (float threshold : thresholds) {
                without += Float.isNaN(threshold) ? 1 : 0;
            }
            if (without > 0) {
                console.line("note: without a threshold, and so in no AUROC or accuracy: "
                        + Figures.counted(without, "drug"));
            }
        }
    }

    private static String named(List<String> names, String what) {
        String count = Figures.counted(names.size(), what);
        return names.isEmpty()
                ? count
                : count + " (" + String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())))
                        + (names.size() > NAMES_SHOWN ? ", …)" : ")");
    }

    static void show(Console console, ResponseEvaluation evaluation) {
        ResponseMethodScores first = evaluation.scores().get(0);
        console.heading("Scores: " + evaluation.kind().description() + ", " + evaluation.seeds()
                + (evaluation.seeds() == 1 ? " seed, " : " seeds, ")
                + Figures.whole(evaluation.testPairs())
                + " test pairs in all, ± half of the 95% interval; within: mean of "
                + "Pearson over drugs or lines with " + ResponseScores.LEAST_PAIRS + " test pairs or more");
        List<ResponseMeasure> shown = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("method"));
        for (ResponseMeasure measure : ResponseMeasure.values()) {
            if (first.of(measure) != null) {
                shown.add(measure);
                header.add(measure.title());
            }
        }
        header.addAll(List.of("first is ahead by", "within drugs by", "s"));
        List<List<String>> rows = new ArrayList<>();
        for (ResponseMethodScores method : evaluation.scores()) {
            List<String> row = new ArrayList<>(List.of(method.method()));
            for (ResponseMeasure measure : shown) {
                row.add(text(method.of(measure)));
            }
            for (ResponseMeasure measure : List.of(ResponseMeasure.PEARSON, ResponseMeasure.WITHIN_DRUGS)) {
                row.add(text(rows.isEmpty() ? null : method.behind(first, measure)));
            }
            row.add(String.format(Locale.ROOT, "%.1f", method.seconds()));
            rows.add(row);
        }
        console.table(header, rows);
    }

    private static String text(@Nullable Interval interval) {
        return interval == null ? "–" : Figures.interval(interval.mean(), interval.low(), 3);
    }
}
