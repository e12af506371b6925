package org.celllm.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.celllm.network.onednn.OneDnn;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.Torch;

/**
 * What has to be the same for a run to go on bit for bit: settings, corpus and shares in which its cells are drawn, threads, precision, kind of CPU, version
 * of the library.
 */
final class RunIdentity {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunIdentity() {}

    static ObjectNode of(PretrainSettings settings, TrainingCells cells, int threads, Precision precision) {
        ObjectNode identity = JSON.createObjectNode();
        identity.set("settings", JSON.valueToTree(settings));
        identity.put("corpus", cells.hash());
        if (!cells.sampling().isEmpty()) {
            identity.put("sampling", cells.sampling());
        }
        identity.put("threads", threads);
        identity.put("precision", precision.word());
        identity.put("cpu", Torch.processor());
        identity.put("libtorch", Torch.version());
        identity.put("onednn", OneDnn.version());
        return identity;
    }

    /** One line for each thing that differs: {@code settings.batch: 512 then, 256 now}. */
    static List<String> differences(JsonNode then, JsonNode now) {
        List<String> found = new ArrayList<>();
        differences("", then, now, found);
        return found;
    }

    private static void differences(String place, JsonNode then, JsonNode now, List<String> found) {
        if (then.isObject() && now.isObject()) {
            Set<String> names = new TreeSet<>();
            then.fieldNames().forEachRemaining(names::add);
            now.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                differences(place.isEmpty() ? name : place + "." + name, then.path(name), now.path(name), found);
            }
        } else if (!text(then).equals(text(now))) {
            found.add(place + ": " + said(then) + " then, " + said(now) + " now");
        }
    }

    /** What is compared: a list by what is in it, and one of nothing like none, as settings of before it had. */
    private static String text(JsonNode node) {
        return node.isArray() && !node.isEmpty() ? node.toString() : node.asText();
    }

    private static String said(JsonNode node) {
        return text(node).isEmpty() ? "nothing" : text(node);
    }
}
