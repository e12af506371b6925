package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.app.report.ReportPage.CellMap;
import org.celllm.app.report.ReportPage.DataTable;
import org.celllm.app.report.ReportPage.Fact;
import org.celllm.app.report.ReportPage.MethodScores;
import org.celllm.app.report.ReportPage.ScoreBoard;
import org.celllm.app.report.ReportPage.Settings;
import org.jspecify.annotations.Nullable;

/** The page of an annotator: its held-out scores beside the baselines', what it was fitted on, and the model's page. */
public final class AnnotatorPage {
    private AnnotatorPage() {}

    /**
     * The page.
     *
     * @param folder an annotator
     * @param map of cells, or {@code null}
     * @throws org.celllm.data.InputException when a file is damaged
     */
    public static ReportPage of(Path folder, @Nullable CellMap map) throws IOException {
        JsonNode report = JsonFile.read(folder.resolve("report.json"));
        ModelPage model = ModelPage.read(folder.resolve("model"));
        boolean scored = report.path("methods").isArray();
        ScoreBoard board = EvaluationScores.board("Held-out cells", report);
        List<DataTable> tables = new ArrayList<>();
        if (scored) {
            tables.add(labelled(report));
        }
        tables.addAll(model.tables());
        List<Settings> settings = new ArrayList<>();
        ObjectNode own = report.deepCopy();
        own.remove(scored ? List.of("methods", "labels", "classes") : List.of());
        settings.add(new Settings("Annotator", own));
        settings.addAll(model.settings());
        return new ReportPage(
                "Annotator of " + report.path("labels").size() + " kinds of cells",
                (scored
                                ? Figures.whole(report.path("cells").asLong()) + " labelled cells · "
                                : "an imported classifier, not scored here · ")
                        + model.subtitle(),
                "",
                facts(board, model),
                tables,
                model.panels(),
                map,
                scored ? List.of(board) : List.of(),
                scored ? EvaluationScores.confusions(report) : List.of(),
                settings,
                model.footer());
    }

    private static List<Fact> facts(ScoreBoard board, ModelPage model) {
        List<Fact> facts = new ArrayList<>();
        if (!board.methods().isEmpty()) {
            MethodScores first = board.methods().get(0);
            facts.add(new Fact(
                    "Macro-F1, held out", Figures.share(first.scores().get(0).mean()), best(board)));
            facts.add(new Fact(
                    "Accuracy, held out", Figures.share(first.scores().get(1).mean()), first.name()));
        }
        facts.addAll(model.facts());
        return facts;
    }

    /** The strongest baseline, so that no score stands alone. */
    private static String best(ScoreBoard board) {
        String name = "";
        double best = -1;
        for (MethodScores method : board.methods()) {
            Double mean = method.scores().get(0).mean();
            if (!method.model() && mean != null && mean > best) {
                best = mean;
                name = method.name();
            }
        }
        return name.isEmpty() ? "" : name + " " + Figures.share(best);
    }

    /** Each class with its held-out scores. */
    private static DataTable labelled(JsonNode report) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode score : report.at("/methods/0/confusion/classes")) {
            String label = score.path("label").asText();
            rows.add(List.of(
                    label,
                    Figures.whole(report.path("classes").path(label).asLong()),
                    Figures.share(Figures.number(score, "/precision")),
                    Figures.share(Figures.number(score, "/recall")),
                    Figures.share(Figures.number(score, "/f1"))));
        }
        return new DataTable(
                "Labelled cells",
                "Values are " + report.path("values").asText() + ": "
                        + report.path("valuesReason").asText() + ". "
                        + report.path("genes").asText() + ". Scores are of held-out cells, all splits together.",
                List.of("label", "cells", "precision", "recall", "F1"),
                rows);
    }
}
