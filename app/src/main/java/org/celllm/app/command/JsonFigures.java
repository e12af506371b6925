package org.celllm.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Records as JSON for {@code --json}. */
final class JsonFigures {
    private JsonFigures() {}

    /** A record as an object; JSON has no NaN, so figures that do not exist become null. */
    static ObjectNode finite(Object figures) {
        ObjectNode node = new ObjectMapper().valueToTree(figures);
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (field.getValue().isNumber() && !Double.isFinite(field.getValue().asDouble())) {
                missing.add(field.getKey());
            }
        }
        missing.forEach(node::putNull);
        return node;
    }
}
