package org.celllm.app.command;

import java.util.ArrayList;
import java.util.List;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.tasks.evaluate.NovelTypeEvaluation;
import org.celllm.tasks.evaluate.NovelTypeScores;

/** What {@code --hold-out-types} measured, beside each other. */
final class NovelTypeTables {
    private NovelTypeTables() {}

    static void show(Console console, NovelTypeEvaluation evaluation) {
        console.heading("Telling cells of a type that was left out: " + evaluation.protocol() + ", "
                + Figures.whole(evaluation.cells()) + " labelled cells, area under the curve, 95% intervals");
        List<List<String>> rows = new ArrayList<>();
        for (NovelTypeScores score : evaluation.scores()) {
            rows.add(List.of(
                    score.method(),
                    ScoreTables.text(score.area()),
                    ScoreTables.text(score.difference()),
                    Figures.share(score.curve()[5]),
                    String.format(java.util.Locale.ROOT, "%.1f", score.seconds())));
        }
        console.table(List.of("method", "area", "first is ahead by", "novel found where 5% of known are", "s"), rows);
        NovelTypeScores first = evaluation.scores().get(0);
        console.heading("Type left out: " + first.method());
        List<List<String>> types = new ArrayList<>();
        for (int type = 0; type < evaluation.labels().size(); type++) {
            types.add(List.of(
                    evaluation.labels().get(type),
                    ScoreTables.text(first.areaByType().get(type))));
        }
        console.table(List.of("type", "area"), types);
        console.heading("Thresholds of the probability: " + first.method());
        List<List<String>> thresholds = new ArrayList<>();
        for (NovelTypeScores.Threshold threshold : first.thresholds()) {
            thresholds.add(List.of(
                    Figures.share(threshold.probability()),
                    Figures.percent(threshold.novel()),
                    Figures.percent(threshold.known()),
                    Figures.percent(threshold.right())));
        }
        console.table(
                List.of("threshold", "novel cells unassigned", "known cells unassigned", "right among known and named"),
                thresholds);
    }
}
