package org.celllm.tasks.expression;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.celllm.tasks.evaluate.AnnotationEvaluation;

/**
 * How hidden expression of a file was guessed.
 *
 * @param file the file
 * @param fileCells its cells
 * @param cells of them that were used
 * @param hidden genes hidden in all, over cells and seeds
 * @param mapping which of the file's genes the model knows, in words
 * @param methods the model, then what needs none, on the same hidden genes
 */
public record ExpressionScores(
        String file, int fileCells, int cells, long hidden, String mapping, List<ExpressionMethodScores> methods) {
    /** The model's name. */
    public static final String MODEL = "model";

    public ExpressionScores {
        methods = List.copyOf(methods);
    }

    /** For {@code --json} and reports. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("file", file).put("fileCells", fileCells).put("cells", cells).put("hidden", hidden);
        json.put("genes", mapping);
        ArrayNode all = json.putArray("methods");
        for (int m = 0; m < methods.size(); m++) {
            ExpressionMethodScores one = methods.get(m);
            ObjectNode method = all.addObject().put("method", one.method());
            method.set("right", AnnotationEvaluation.interval(one.rightInterval()));
            method.set("loss", AnnotationEvaluation.interval(one.lossInterval()));
            method.set(
                    "differenceFromFirst", AnnotationEvaluation.interval(m == 0 ? null : one.behind(methods.get(0))));
            ArrayNode right = method.putArray("rightBySeed");
            ArrayNode loss = method.putArray("lossBySeed");
            for (int i = 0; i < one.right().length; i++) {
                right.add(one.right()[i]);
                loss.add(one.loss()[i]);
            }
        }
        return json;
    }
}
