package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.celllm.app.report.ReportPage.Fact;
import org.celllm.app.report.ReportPage.Score;
import org.celllm.tasks.response.ResponseMeasure;
import org.celllm.tasks.response.model.ResponseModelMethods;
import org.jspecify.annotations.Nullable;

/**
 * Reads where the model stands beside its best baseline out of the JSON of any evaluation. The best baseline is the one with the
 * highest mean on the splits that are scored, so it is chosen after the fact, in the baselines' favour.
 */
public final class Standings {
    static final Score NONE = new Score(null, null, null);

    private Standings() {}

    /**
     * The standings, one a setting and measure.
     *
     * @param evaluation JSON of {@code celllm evaluate}, whatever its protocol
     */
    public static List<Standing> of(JsonNode evaluation) {
        List<Standing> standings = new ArrayList<>();
        if (evaluation.path("representations").isArray()) {
            standings.add(isotropy(evaluation.path("representations")));
        } else if (evaluation.path("evaluation").asText().equals(ExpressionPage.EVALUATION)) {
            ofExpressions(evaluation.path("files"), standings);
        } else if (evaluation.path("splits").isArray()) {
            evaluation.path("splits").forEach(split -> ofResponse(split, standings));
        } else if (evaluation.path("evaluations").isArray()) {
            evaluation.path("evaluations").forEach(one -> ofAnnotation(one, standings));
        } else if (evaluation.path("novelTypes").isArray()) {
            standings.add(best(
                    evaluation.path("protocol").asText(),
                    "area under the curve",
                    evaluation.path("novelTypes"),
                    Standings::isOfCells,
                    method -> method.path("area"),
                    method -> method.path("differenceFromFirst")));
        } else {
            ofAnnotation(evaluation, standings);
        }
        return standings;
    }

    /** The standings as the figures of a page's summary. */
    static List<Fact> facts(List<Standing> standings) {
        List<Fact> facts = new ArrayList<>();
        for (Standing standing : standings) {
            String label = standing.setting() + ": " + standing.measure();
            String baseline = standing.baseline();
            String against = baseline == null
                    ? ""
                    : baseline + " " + Figures.share(standing.baselineScore().mean());
            if (standing.model() == null) {
                facts.add(new Fact(label, Figures.share(standing.baselineScore().mean()), "no model; " + baseline));
            } else {
                String verdict = standing.verdict() == Verdict.NOT_COMPARED
                        ? ""
                        : ", " + standing.verdict().word();
                facts.add(new Fact(label, Figures.share(standing.score().mean()), against + verdict));
            }
        }
        return facts;
    }

    private static void ofAnnotation(JsonNode evaluation, List<Standing> standings) {
        String protocol = evaluation.path("protocol").asText();
        JsonNode methods = evaluation.path("methods");
        if (methods.isEmpty()) {
            return;
        }
        standings.add(best(
                protocol,
                "macro-F1",
                methods,
                Standings::isOfCells,
                method -> method.path("macroF1"),
                method -> method.path("differenceFromFirst")));
        if (methods.path(0).path("auroc").isObject()) {
            standings.add(best(
                    protocol,
                    "AUROC",
                    methods,
                    Standings::isOfCells,
                    method -> method.path("auroc"),
                    method -> method.path("aurocDifferenceFromFirst")));
        }
    }

    private static void ofResponse(JsonNode split, List<Standing> standings) {
        for (ResponseMeasure measure : List.of(ResponseMeasure.PEARSON, ResponseMeasure.WITHIN_DRUGS)) {
            if (split.at("/methods/0/" + measure.word()).isObject()) {
                standings.add(best(
                        split.path("description").asText(),
                        measure == ResponseMeasure.PEARSON ? measure.title() : "Pearson " + measure.title(),
                        split.path("methods"),
                        ResponseModelMethods::isModel,
                        method -> method.path(measure.word()),
                        method -> method.path("differenceFromFirst").path(measure.word())));
            }
        }
    }

    /** By the files' names, by their whole paths where those are alike. */
    private static void ofExpressions(JsonNode files, List<Standing> standings) {
        Map<String, Integer> times = new HashMap<>();
        files.forEach(file -> times.merge(name(file.path("file").asText()), 1, Integer::sum));
        for (JsonNode file : files) {
            String path = file.path("file").asText();
            standings.add(ofExpression(file, times.getOrDefault(name(path), 0) > 1 ? path : name(path)));
        }
    }

    /** The last part of a path of whichever system. */
    static String name(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }

    private static Standing ofExpression(JsonNode file, String name) {
        return best(
                name,
                "hidden bins right",
                file.path("methods"),
                ExpressionPage::isModel,
                method -> method.path("right"),
                method -> method.path("differenceFromFirst"));
    }

    /** Spreading out is no contest: an embedding of noise spreads best. Shown is the least mean cosine of the references. */
    private static Standing isotropy(JsonNode representations) {
        JsonNode reference = null;
        for (JsonNode one : representations) {
            Double mean = Figures.number(one, "/figures/meanCosine/mean");
            if (one.path("reference").asBoolean()
                    && mean != null
                    && (reference == null
                            || mean < reference.at("/figures/meanCosine/mean").asDouble())) {
                reference = one;
            }
        }
        JsonNode first = representations.path(0);
        return new Standing(
                "spread of the embeddings",
                "mean cosine",
                first.path("name").asText(),
                score(first.at("/figures/meanCosine")),
                reference == null ? null : reference.path("name").asText(),
                reference == null ? NONE : score(reference.at("/figures/meanCosine")),
                NONE,
                Verdict.NOT_COMPARED);
    }

    /** Of the methods over cells all are ours that have to do with the model or its embedding; the first always is. */
    static boolean isOfCells(String method) {
        return method.startsWith("model") || method.contains("embedding");
    }

    private static Standing best(
            String setting,
            String measure,
            JsonNode methods,
            Predicate<String> ours,
            Function<JsonNode, JsonNode> value,
            Function<JsonNode, JsonNode> ahead) {
        @Nullable JsonNode best = null;
        for (JsonNode method : methods) {
            Double mean = score(value.apply(method)).mean();
            if (!ours.test(method.path("method").asText()) && mean != null) {
                Double before = best == null ? null : score(value.apply(best)).mean();
                if (before == null || mean > before) {
                    best = method;
                }
            }
        }
        JsonNode first = methods.path(0);
        boolean model = ours.test(first.path("method").asText());
        Score difference = model && best != null ? score(ahead.apply(best)) : NONE;
        return new Standing(
                setting,
                measure,
                model ? first.path("method").asText() : null,
                model ? score(value.apply(first)) : NONE,
                best == null ? null : best.path("method").asText(),
                best == null ? NONE : score(value.apply(best)),
                difference,
                Verdict.of(difference));
    }

    /** A mean with its interval; nothing where there is none. */
    static Score score(JsonNode interval) {
        return new Score(
                Figures.number(interval, "/mean"), Figures.number(interval, "/low"), Figures.number(interval, "/high"));
    }
}
