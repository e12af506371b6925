package org.celllm.tasks.evaluate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What {@link NovelTypes} measured.
 *
 * @param protocol in words
 * @param labels the types, each left out in turn
 * @param cells labelled cells
 * @param seeds how many
 * @param scores one a method, the first is what the others are compared with
 */
public record NovelTypeEvaluation(
        String protocol, List<String> labels, int cells, int seeds, List<NovelTypeScores> scores) {
    public NovelTypeEvaluation {
        labels = List.copyOf(labels);
        scores = List.copyOf(scores);
    }

    /** All of it for {@code --json} and for reports; its methods stand under {@code novelTypes}. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("protocol", protocol).put("cells", cells).put("seeds", seeds);
        labels.forEach(json.putArray("labels")::add);
        ArrayNode methods = json.putArray("novelTypes");
        for (NovelTypeScores score : scores) {
            ObjectNode method = methods.addObject().put("method", score.method());
            method.set("area", AnnotationEvaluation.interval(score.area()));
            method.set("differenceFromFirst", AnnotationEvaluation.interval(score.difference()));
            ArrayNode bySeed = method.putArray("areaBySeed");
            for (double area : score.areaBySeed()) {
                bySeed.add(area);
            }
            ObjectNode byType = method.putObject("areaByType");
            for (int type = 0; type < labels.size(); type++) {
                byType.set(
                        labels.get(type),
                        AnnotationEvaluation.interval(score.areaByType().get(type)));
            }
            ArrayNode curve = method.putArray("curve");
            for (int i = 0; i < score.curve().length; i++) {
                curve.addObject().put("known", i / (score.curve().length - 1.0)).put("novel", score.curve()[i]);
            }
            ArrayNode thresholds = method.putArray("thresholds");
            for (NovelTypeScores.Threshold threshold : score.thresholds()) {
                thresholds
                        .addObject()
                        .put("probability", threshold.probability())
                        .put("novelUnassigned", threshold.novel())
                        .put("knownUnassigned", threshold.known())
                        .put("rightAmongNamed", threshold.right());
            }
            method.put("seconds", score.seconds());
        }
        return json;
    }
}
