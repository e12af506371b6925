package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.app.report.ReportPage.CellMap;
import org.celllm.app.report.ReportPage.MethodScores;
import org.celllm.app.report.ReportPage.Score;
import org.celllm.app.report.ReportPage.ScoreBoard;
import org.celllm.app.report.ReportPage.Settings;
import org.celllm.tasks.expression.ExpressionScores;
import org.jspecify.annotations.Nullable;

/** The page of {@code celllm evaluate expression}: a table and a chart for each file. */
public final class ExpressionPage {
    /** What the command writes as {@code evaluation}. */
    public static final String EVALUATION = "expression";

    private ExpressionPage() {}

    static ReportPage of(Path subject, JsonNode evaluation, @Nullable CellMap map) {
        List<ScoreBoard> boards = new ArrayList<>();
        evaluation.path("files").forEach(file -> boards.add(board(file)));
        ObjectNode settings = evaluation.deepCopy();
        settings.remove("files");
        return new ReportPage(
                "Hidden expression: " + subject.getFileName(),
                Figures.percent(evaluation.path("hidden").asDouble())
                        + " of the expressed genes of each cell are guessed by "
                        + evaluation.path("model").asText(),
                "",
                Standings.facts(Standings.of(evaluation)),
                List.of(),
                List.of(),
                map,
                boards,
                List.of(),
                List.of(new Settings("Evaluation", settings)),
                "Made by celllm from " + subject
                        + ". The file is complete in itself and asks the network for nothing.");
    }

    /** Whether a way of guessing is the model. */
    static boolean isModel(String method) {
        return method.equals(ExpressionScores.MODEL);
    }

    private static ScoreBoard board(JsonNode file) {
        List<MethodScores> methods = new ArrayList<>();
        for (JsonNode method : file.path("methods")) {
            List<Score> scores = List.of(
                    Standings.score(method.path("right")),
                    Standings.score(method.path("loss")),
                    Standings.score(method.path("differenceFromFirst")));
            String name = method.path("method").asText();
            methods.add(new MethodScores(name, isModel(name), scores));
        }
        String path = file.path("file").asText();
        return new ScoreBoard(
                Standings.name(path),
                path + " · " + Figures.whole(file.path("cells").asLong()) + " cells · "
                        + Figures.whole(file.path("hidden").asLong())
                        + " guesses · the loss is in nats, better when low · brackets are 95% intervals.",
                List.of("bins right", "loss", "model is ahead by (bins right)"),
                List.of(0),
                methods);
    }
}
