package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.celllm.app.report.ReportPage.CellMap;
import org.celllm.data.InputException;
import org.celllm.data.progress.Progress;
import org.jspecify.annotations.Nullable;

/** Finds out what a folder or file is and makes its page. */
public final class ReportPages {
    private ReportPages() {}

    /**
     * The page of a model, annotator, evaluation, suite of evaluations or corpus.
     *
     * @param subject its folder, or the JSON of an evaluation
     * @param map of cells, or {@code null}
     * @param threads that read a corpus
     * @throws InputException when it is none of these
     */
    public static ReportPage of(Path subject, @Nullable CellMap map, int threads, Progress progress)
            throws IOException {
        if (Files.isRegularFile(subject.resolve("manifest.json"))) {
            return CorpusPage.read(subject, map, threads, progress);
        }
        Path suite = subject.resolve(LeaderboardPage.FILE);
        if (Files.isRegularFile(suite)) {
            return LeaderboardPage.of(subject, JsonFile.read(suite), subject.toUri());
        }
        Path isotropy = subject.resolve(IsotropyPage.FILE);
        if (Files.isRegularFile(isotropy)) {
            return IsotropyPage.of(subject, JsonFile.read(isotropy), map);
        }
        Path evaluation = Files.isDirectory(subject) ? subject.resolve("evaluation.json") : subject;
        if (Files.isRegularFile(evaluation) && !evaluation.toString().endsWith(".json")) {
            throw InputException.about(subject)
                    .found("is a file, and no JSON by its name")
                    .expected("a folder that celllm pretrain, annotate fit, evaluate or corpus build made")
                    .remedy("Cells are drawn beside it, with --cells")
                    .build();
        }
        if (Files.isRegularFile(evaluation)) {
            JsonNode json = JsonFile.read(evaluation);
            return json.path("representations").isArray()
                    ? IsotropyPage.of(subject, json, map)
                    : ofEvaluation(subject, json, map);
        }
        if (Files.isRegularFile(subject.resolve("report.json")) && Files.isDirectory(subject.resolve("model"))) {
            return AnnotatorPage.of(subject, map);
        }
        if (Files.isRegularFile(subject.resolve("config.json"))) {
            return ModelPage.read(subject).page(map);
        }
        throw InputException.about(subject)
                .found(Files.exists(subject) ? "is no model, annotator, evaluation or corpus" : "does not exist")
                .expected("a folder that celllm pretrain, annotate fit, evaluate or corpus build made")
                .build();
    }

    private static ReportPage ofEvaluation(Path subject, JsonNode evaluation, @Nullable CellMap map) {
        if (evaluation.path("novelTypes").isArray()) {
            return NovelTypesPage.of(subject, evaluation, map);
        }
        if (evaluation.path("evaluation").asText().equals(ExpressionPage.EVALUATION)) {
            return ExpressionPage.of(subject, evaluation, map);
        }
        if (evaluation.path("splits").isArray()) {
            return ResponsePage.of(subject, evaluation, map);
        }
        if (evaluation.path("evaluations").isArray()) {
            return SensitivityPage.of(subject, evaluation, map);
        }
        if (!evaluation.path("methods").isArray()) {
            throw InputException.about(subject)
                    .found("has no methods")
                    .expected("the JSON that celllm evaluate writes")
                    .build();
        }
        return new ReportPage(
                "Evaluation " + subject.getFileName(),
                evaluation.path("protocol").asText(),
                "",
                Standings.facts(Standings.of(evaluation)),
                List.of(),
                List.of(),
                map,
                List.of(EvaluationScores.board("All methods on the same splits", evaluation)),
                EvaluationScores.confusions(evaluation),
                List.of(),
                "Made by celllm from " + subject
                        + ". The file is complete in itself and asks the network for nothing.");
    }
}
