package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.app.report.ReportPage.CellMap;
import org.celllm.app.report.ReportPage.DataTable;
import org.celllm.app.report.ReportPage.MethodScores;
import org.celllm.app.report.ReportPage.ScoreBoard;
import org.jspecify.annotations.Nullable;

/** The page of an evaluation in which types of cells were left out: who noticed them, and what a threshold does. */
final class NovelTypesPage {
    /** Shares of the known cells at which the curves are written out, in points of the curve. */
    private static final List<Integer> POINTS = List.of(1, 2, 5, 10, 20, 50);

    private NovelTypesPage() {}

    static ReportPage of(Path subject, JsonNode evaluation, @Nullable CellMap map) {
        JsonNode methods = evaluation.path("novelTypes");
        return new ReportPage(
                "Types left out: " + subject.getFileName(),
                evaluation.path("protocol").asText(),
                "",
                Standings.facts(Standings.of(evaluation)),
                List.of(curves(methods), types(evaluation), thresholds(methods.path(0))),
                List.of(),
                map,
                List.of(board(evaluation, methods)),
                List.of(),
                List.of(),
                "Made by celllm from " + subject
                        + ". The file is complete in itself and asks the network for nothing.");
    }

    private static ScoreBoard board(JsonNode evaluation, JsonNode methods) {
        List<MethodScores> scores = new ArrayList<>();
        for (JsonNode method : methods) {
            String name = method.path("method").asText();
            scores.add(new MethodScores(
                    name,
                    name.startsWith("model"),
                    List.of(
                            Standings.score(method.path("area")),
                            Standings.score(method.path("differenceFromFirst")))));
        }
        return new ScoreBoard(
                "Novel cells told from known ones",
                Figures.whole(evaluation.path("cells").asLong())
                        + " labelled cells · area under the curve, mean over the types · brackets are 95% intervals.",
                List.of("area", "first method ahead by"),
                List.of(0),
                scores);
    }

    private static DataTable curves(JsonNode methods) {
        List<String> header = new ArrayList<>(List.of("method"));
        POINTS.forEach(point -> header.add("at " + point + "%"));
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode method : methods) {
            List<String> row = new ArrayList<>(List.of(method.path("method").asText()));
            for (int point : POINTS) {
                row.add(Figures.share(Figures.number(method.path("curve").path(point), "/novel")));
            }
            rows.add(row);
        }
        return new DataTable(
                "Points of the curves",
                "Share of the novel cells that are noticed where so many of the known ones are taken for novel.",
                header,
                rows);
    }

    private static DataTable types(JsonNode evaluation) {
        List<String> header = new ArrayList<>(List.of("type left out"));
        evaluation
                .path("novelTypes")
                .forEach(method -> header.add(method.path("method").asText()));
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode label : evaluation.path("labels")) {
            List<String> row = new ArrayList<>(List.of(label.asText()));
            for (JsonNode method : evaluation.path("novelTypes")) {
                row.add(Figures.share(Figures.number(method.path("areaByType").path(label.asText()), "/mean")));
            }
            rows.add(row);
        }
        return new DataTable("Area by type", "", header, rows);
    }

    private static DataTable thresholds(JsonNode first) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode threshold : first.path("thresholds")) {
            rows.add(List.of(
                    Figures.share(Figures.number(threshold, "/probability")),
                    Figures.share(Figures.number(threshold, "/novelUnassigned")),
                    Figures.share(Figures.number(threshold, "/knownUnassigned")),
                    Figures.share(Figures.number(threshold, "/rightAmongNamed"))));
        }
        return new DataTable(
                "Thresholds of " + first.path("method").asText(),
                "What leaving cells unassigned does whose likeliest label is less probable.",
                List.of("threshold", "novel unassigned", "known unassigned", "right among known and named"),
                rows);
    }
}
