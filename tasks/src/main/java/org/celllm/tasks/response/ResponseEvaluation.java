package org.celllm.tasks.response;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.celllm.tasks.evaluate.AnnotationEvaluation;

/**
 * What a protocol measured on one kind of split.
 *
 * @param kind what was unseen
 * @param seeds how many splits
 * @param testPairs over all splits
 * @param scores one a method, the first is what the others are compared with
 */
public record ResponseEvaluation(SplitKind kind, int seeds, int testPairs, List<ResponseMethodScores> scores) {
    public ResponseEvaluation {
        scores = List.copyOf(scores);
    }

    /** The scores of a method by name. */
    public ResponseMethodScores of(String method) {
        return scores.stream()
                .filter(score -> score.method().equals(method))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no method \"" + method + "\""));
    }

    /** All of it for {@code --json} and for reports; a figure that does not exist is null. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("split", kind.word()).put("description", kind.description());
        json.put("seeds", seeds).put("testPairs", testPairs).put("leastPairsOfAGroup", ResponseScores.LEAST_PAIRS);
        ArrayNode methods = json.putArray("methods");
        for (ResponseMethodScores score : scores) {
            ObjectNode method = methods.addObject().put("method", score.method());
            ObjectNode ahead = JsonNodeFactory.instance.objectNode();
            ObjectNode trials = JsonNodeFactory.instance.objectNode();
            for (ResponseMeasure measure : ResponseMeasure.values()) {
                method.set(measure.word(), AnnotationEvaluation.interval(score.of(measure)));
                ahead.set(measure.word(), AnnotationEvaluation.interval(score.behind(scores.get(0), measure)));
                ArrayNode values = trials.putArray(measure.word());
                for (double value : score.values(measure)) {
                    if (Double.isFinite(value)) {
                        values.add(value);
                    } else {
                        values.addNull();
                    }
                }
            }
            if (score.method().equals(scores.get(0).method())) {
                method.putNull("differenceFromFirst");
            } else {
                method.set("differenceFromFirst", ahead);
            }
            ArrayNode drugs = trials.putArray("drugsScored");
            ArrayNode lines = trials.putArray("linesScored");
            for (ResponseScores trial : score.byTrial()) {
                drugs.add(trial.drugs());
                lines.add(trial.lines());
            }
            method.set("byTrial", trials);
            method.put("seconds", score.seconds());
        }
        return json;
    }
}
