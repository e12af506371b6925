package org.celllm.tasks.evaluate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.celllm.tasks.labels.CellLabels;
import org.celllm.tasks.metrics.ClassScore;
import org.celllm.tasks.metrics.ConfusionMatrix;
import org.celllm.tasks.metrics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * What a protocol measured.
 *
 * @param protocol in words: {@code "5 folds × 5 seeds"}
 * @param labels the classes
 * @param cells labelled cells
 * @param trials how many
 * @param scores one a method or none at all, the first is what the others are compared with
 * @param duplicates cells whose expression stands on both sides of some split: leakage in the data itself
 */
public record AnnotationEvaluation(
        String protocol, List<String> labels, int cells, int trials, List<MethodScores> scores, int duplicates) {
    public AnnotationEvaluation {
        labels = List.copyOf(labels);
        scores = List.copyOf(scores);
    }

    /** What there is to say where too few cells have a label for any to be held out. */
    public static AnnotationEvaluation none(CellLabels labels) {
        return new AnnotationEvaluation(
                "too few labels to hold any out", labels.names(), labels.labelled(), 0, List.of(), 0);
    }

    /** The scores of a method by name. */
    public MethodScores of(String method) {
        return scores.stream()
                .filter(score -> score.method().equals(method))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no method \"" + method + "\""));
    }

    /** All of it for {@code --json} and for reports; a missing interval is null. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("protocol", protocol).put("cells", cells).put("trials", trials).put("duplicates", duplicates);
        labels.forEach(json.putArray("labels")::add);
        ArrayNode methods = json.putArray("methods");
        for (MethodScores score : scores) {
            ObjectNode method = methods.addObject().put("method", score.method());
            method.set("macroF1", interval(score.macroF1()));
            method.set("accuracy", interval(score.accuracy()));
            method.set("differenceFromFirst", interval(score.difference()));
            ArrayNode byTrial = method.putArray("macroF1ByTrial");
            for (double value : score.macroF1ByTrial()) {
                byTrial.add(value);
            }
            ArrayNode accuracyByTrial = method.putArray("accuracyByTrial");
            for (double value : score.accuracyByTrial()) {
                accuracyByTrial.add(value);
            }
            RankingScores ranking = score.ranking();
            if (ranking != null) {
                ranking(
                        method,
                        ranking,
                        methods.size() == 1 ? null : scores.get(0).ranking());
            }
            method.put("seconds", score.seconds());
            method.set("confusion", confusion(score.confusion()));
        }
        return json;
    }

    private static void ranking(ObjectNode method, RankingScores ranking, @Nullable RankingScores first) {
        method.set("auroc", interval(ranking.auroc()));
        method.set("averagePrecision", interval(ranking.averagePrecision()));
        method.set("aurocDifferenceFromFirst", interval(first == null ? null : ranking.behind(first)));
        ArrayNode byTrial = method.putArray("aurocByTrial");
        for (double value : ranking.aurocByTrial()) {
            if (Double.isNaN(value)) {
                byTrial.addNull();
            } else {
                byTrial.add(value);
            }
        }
    }

    /** An interval as JSON, null where there is none. */
    public static com.fasterxml.jackson.databind.JsonNode interval(@Nullable Interval interval) {
        if (interval == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("mean", interval.mean());
        if (interval.n() > 1) {
            json.put("low", interval.low()).put("high", interval.high());
        } else {
            json.putNull("low").putNull("high");
        }
        return json.put("n", interval.n());
    }

    /** A confusion matrix as JSON: {@code labels}, {@code counts[truth][predicted]}, {@code unassigned}, classes' scores. */
    public static ObjectNode confusion(ConfusionMatrix matrix) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        matrix.labels().forEach(json.putArray("labels")::add);
        ArrayNode counts = json.putArray("counts");
        for (long[] row : matrix.counts()) {
            ArrayNode line = counts.addArray();
            for (long count : row) {
                line.add(count);
            }
        }
        ArrayNode unassigned = json.putArray("unassigned");
        for (long count : matrix.unassigned()) {
            unassigned.add(count);
        }
        ArrayNode classes = json.putArray("classes");
        for (ClassScore score : matrix.classScores()) {
            classes.addObject()
                    .put("label", score.label())
                    .put("support", score.support())
                    .put("predicted", score.predicted())
                    .put("precision", score.precision())
                    .put("recall", score.recall())
                    .put("f1", score.f1());
        }
        return json;
    }
}
