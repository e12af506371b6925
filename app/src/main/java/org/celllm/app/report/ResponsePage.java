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
import org.celllm.tasks.response.ResponseMeasure;
import org.celllm.tasks.response.model.ResponseModelMethods;
import org.jspecify.annotations.Nullable;

/** The page of {@code celllm evaluate response}: a table and charts for each kind of split. */
final class ResponsePage {
    private static final List<ResponseMeasure> COMPARED =
            List.of(ResponseMeasure.PEARSON, ResponseMeasure.WITHIN_DRUGS);

    private ResponsePage() {}

    static ReportPage of(Path subject, JsonNode evaluation, @Nullable CellMap map) {
        List<ScoreBoard> boards = new ArrayList<>();
        evaluation.path("splits").forEach(split -> boards.add(board(split)));
        ObjectNode settings = evaluation.deepCopy();
        settings.remove("splits");
        return new ReportPage(
                "Drug response: " + subject.getFileName(),
                Figures.whole(evaluation.path("pairs").asLong()) + " pairs of "
                        + Figures.whole(evaluation.path("lines").asLong()) + " lines and "
                        + Figures.whole(evaluation.path("drugs").asLong()) + " drugs",
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

    private static ScoreBoard board(JsonNode split) {
        List<ResponseMeasure> measured = new ArrayList<>();
        for (ResponseMeasure measure : ResponseMeasure.values()) {
            if (split.at("/methods/0/" + measure.word()).isObject()) {
                measured.add(measure);
            }
        }
        List<String> metrics = new ArrayList<>();
        List<Integer> shown = new ArrayList<>();
        for (ResponseMeasure measure : measured) {
            if (COMPARED.contains(measure)) {
                shown.add(metrics.size());
            }
            metrics.add(measure.title());
        }
        List<ResponseMeasure> compared =
                COMPARED.stream().filter(measured::contains).toList();
        compared.forEach(measure -> metrics.add("first is ahead by (" + measure.title() + ")"));
        List<MethodScores> methods = new ArrayList<>();
        for (JsonNode method : split.path("methods")) {
            List<Score> scores = new ArrayList<>();
            measured.forEach(measure -> scores.add(Standings.score(method.path(measure.word()))));
            compared.forEach(measure -> scores.add(
                    Standings.score(method.path("differenceFromFirst").path(measure.word()))));
            String name = method.path("method").asText();
            methods.add(new MethodScores(name, ResponseModelMethods.isModel(name), scores));
        }
        long seeds = split.path("seeds").asLong();
        String description = split.path("description").asText();
        return new ScoreBoard(
                description.isEmpty()
                        ? split.path("split").asText()
                        : description.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + description.substring(1),
                Figures.whole(seeds) + (seeds == 1 ? " seed · " : " seeds · ")
                        + Figures.whole(split.path("testPairs").asLong())
                        + " test pairs in all · within: mean of Pearson over drugs or lines with "
                        + split.path("leastPairsOfAGroup").asText()
                        + " test pairs or more · RMSE is better when low · brackets are 95% intervals.",
                metrics,
                shown,
                methods);
    }
}
