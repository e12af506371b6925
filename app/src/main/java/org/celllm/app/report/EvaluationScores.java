package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.celllm.app.report.ReportPage.Confusion;
import org.celllm.app.report.ReportPage.MethodScores;
import org.celllm.app.report.ReportPage.Score;
import org.celllm.app.report.ReportPage.ScoreBoard;

/**
 * Reads the JSON of an evaluation ({@code protocol}, {@code labels} and {@code methods}, each with {@code macroF1},
 * {@code accuracy} and {@code confusion}) into what a page shows. Scores of a ranking are
 * shown where there are any. {@link Standings#isOfCells} says which methods are ours.
 */
public final class EvaluationScores {
    private EvaluationScores() {}

    /**
     * The methods beside each other.
     *
     * @param title of the board
     * @param evaluation JSON
     */
    public static ScoreBoard board(String title, JsonNode evaluation) {
        boolean differences = false;
        for (JsonNode method : evaluation.path("methods")) {
            differences |= method.path("differenceFromFirst").path("mean").isNumber();
        }
        boolean ranked = evaluation.at("/methods/0/auroc").isObject();
        List<MethodScores> methods = new ArrayList<>();
        for (JsonNode method : evaluation.path("methods")) {
            String name = method.path("method").asText();
            List<Score> scores = new ArrayList<>();
            scores.add(Standings.score(method.path("macroF1")));
            scores.add(Standings.score(method.path("accuracy")));
            if (differences) {
                scores.add(Standings.score(method.path("differenceFromFirst")));
            }
            if (ranked) {
                scores.add(Standings.score(method.path("auroc")));
                scores.add(Standings.score(method.path("averagePrecision")));
                scores.add(Standings.score(method.path("aurocDifferenceFromFirst")));
            }
            methods.add(new MethodScores(name, Standings.isOfCells(name), scores));
        }
        List<String> metrics = new ArrayList<>(List.of("macro-F1", "accuracy"));
        if (differences) {
            metrics.add("first method ahead by (macro-F1)");
        }
        List<Integer> shown = new ArrayList<>(List.of(0));
        if (ranked) {
            shown.add(metrics.size());
            metrics.addAll(List.of("AUROC", "average precision", "first method ahead by (AUROC)"));
        }
        return new ScoreBoard(title, note(evaluation), metrics, shown, methods);
    }

    /** The confusion matrix of the first method. */
    public static List<Confusion> confusions(JsonNode evaluation) {
        JsonNode first = evaluation.path("methods").path(0);
        return first.path("confusion").isObject()
                ? List.of(
                        confusion("Confusion matrix of " + first.path("method").asText(), first.path("confusion")))
                : List.of();
    }

    /**
     * A confusion matrix; a column for unassigned cells stands last where there are any.
     *
     * @param matrix JSON with {@code labels}, {@code counts[truth][predicted]} and {@code unassigned[truth]}
     */
    public static Confusion confusion(String title, JsonNode matrix) {
        List<String> rows = new ArrayList<>();
        matrix.path("labels").forEach(label -> rows.add(label.asText()));
        boolean unassigned = false;
        for (JsonNode count : matrix.path("unassigned")) {
            unassigned |= count.asLong() > 0;
        }
        List<String> columns = new ArrayList<>(rows);
        if (unassigned) {
            columns.add("unassigned");
        }
        long[][] counts = new long[rows.size()][columns.size()];
        for (int truth = 0; truth < rows.size(); truth++) {
            for (int said = 0; said < rows.size(); said++) {
                counts[truth][said] =
                        matrix.path("counts").path(truth).path(said).asLong();
            }
            if (unassigned) {
                counts[truth][rows.size()] =
                        matrix.path("unassigned").path(truth).asLong();
            }
        }
        return new Confusion(title, "Rows are the given labels. Hover for counts.", rows, columns, counts);
    }

    private static String note(JsonNode evaluation) {
        List<String> words = new ArrayList<>();
        if (evaluation.path("protocol").isTextual()) {
            words.add(evaluation.get("protocol").asText());
        }
        if (evaluation.path("cells").isNumber()) {
            words.add(Figures.whole(evaluation.get("cells").asLong()) + " labelled cells");
        }
        if (evaluation.path("duplicates").asLong() > 0) {
            words.add(Figures.whole(evaluation.get("duplicates").asLong())
                    + " cells have a twin on the other side of a split");
        }
        words.add("brackets are 95% intervals");
        return String.join(" · ", words) + ".";
    }
}
