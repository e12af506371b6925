package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.app.report.ReportPage.CellMap;
import org.celllm.app.report.ReportPage.Confusion;
import org.celllm.app.report.ReportPage.ScoreBoard;
import org.celllm.app.report.ReportPage.Settings;
import org.jspecify.annotations.Nullable;

/** The page of {@code celllm evaluate sensitivity}: a table, charts and a confusion matrix for each number of labels. */
final class SensitivityPage {
    private SensitivityPage() {}

    static ReportPage of(Path subject, JsonNode evaluation, @Nullable CellMap map) {
        List<ScoreBoard> boards = new ArrayList<>();
        List<Confusion> confusions = new ArrayList<>();
        for (JsonNode one : evaluation.path("evaluations")) {
            String protocol = one.path("protocol").asText();
            if (!one.path("methods").isEmpty()) {
                boards.add(EvaluationScores.board(protocol, one));
                confusions.add(EvaluationScores.confusion(
                        protocol + ": " + one.at("/methods/0/method").asText(), one.at("/methods/0/confusion")));
            }
        }
        ObjectNode settings = evaluation.deepCopy();
        settings.remove("evaluations");
        String drug = evaluation.path("drug").asText();
        return new ReportPage(
                "Drug sensitivity: " + subject.getFileName(),
                Figures.whole(evaluation.at("/evaluations/0/cells").asLong()) + " labelled cells"
                        + (drug.isEmpty() ? "" : " · " + drug),
                "",
                Standings.facts(Standings.of(evaluation)),
                List.of(),
                List.of(),
                map,
                boards,
                confusions,
                List.of(new Settings("Evaluation", settings)),
                "Made by celllm from " + subject
                        + ". The file is complete in itself and asks the network for nothing.");
    }
}
