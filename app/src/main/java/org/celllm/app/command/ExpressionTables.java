package org.celllm.app.command;

import java.util.ArrayList;
import java.util.List;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.tasks.expression.ExpressionMethodScores;
import org.celllm.tasks.expression.ExpressionScores;
import org.celllm.tasks.expression.HiddenSettings;
import org.celllm.tasks.metrics.Interval;

/** How hidden expression was guessed, file by file. */
final class ExpressionTables {
    private ExpressionTables() {}

    static void show(Console console, List<ExpressionScores> scores, HiddenSettings settings) {
        for (ExpressionScores one : scores) {
            console.heading(one.file() + ": " + Figures.whole(one.cells())
                    + (one.cells() < one.fileCells() ? " of " + Figures.whole(one.fileCells()) : "") + " cells, "
                    + Figures.percent(settings.share()) + " of their expressed genes hidden × " + settings.seeds()
                    + (settings.seeds() == 1 ? " seed, " : " seeds, ") + Figures.whole(one.hidden()) + " guesses");
            List<List<String>> rows = new ArrayList<>();
            ExpressionMethodScores model = one.methods().get(0);
            for (ExpressionMethodScores method : one.methods()) {
                rows.add(List.of(
                        method.method(),
                        text(method.rightInterval()),
                        text(method.lossInterval()),
                        method.method().equals(model.method()) ? "–" : text(method.behind(model))));
            }
            console.table(List.of("guessed by", "bins right", "loss", "model is ahead by"), rows);
            console.line("genes: " + one.mapping());
        }
    }

    private static String text(Interval interval) {
        return Figures.interval(interval.mean(), interval.low(), 3);
    }
}
