package org.celllm.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.celllm.training.contrast.StepResult;
import org.celllm.training.memory.Bytes;
import org.jspecify.annotations.Nullable;

/** What a run writes down of itself: with its checkpoints, and with its model. */
final class RunRecords {
    private static final ObjectMapper JSON = new ObjectMapper();

    private RunRecords() {}

    /** What a checkpoint holds beside tensors. */
    static ObjectNode checkpoint(
            ObjectNode identity, PretrainPlan plan, StepResult last, @Nullable StepResult validation) {
        ObjectNode state = JSON.createObjectNode();
        state.set("identity", identity);
        state.set("plan", JSON.valueToTree(plan));
        state.set("train", JSON.valueToTree(last));
        if (validation != null) {
            state.put("validation_loss", validation.loss());
            state.set("validation", JSON.valueToTree(validation));
        }
        return state;
    }

    /**
     * Where a model comes from.
     *
     * @param corpus what its cells were
     * @param memory resident bytes that the run was given
     * @param notes what was adapted to the corpus, and what happened
     */
    static ObjectNode provenance(
            ObjectNode identity, PretrainResult result, JsonNode corpus, long memory, List<String> notes) {
        ObjectNode provenance = JSON.createObjectNode();
        provenance.put("made_by", "celllm pretrain");
        provenance.put("finished", Instant.now().toString());
        provenance.set("run", identity);
        provenance.set("plan", JSON.valueToTree(result.plan()));
        provenance.set("corpus", corpus);
        provenance.put("memory_budget", Bytes.of(memory));
        provenance.put("peak_resident_bytes", result.peakBytes());
        provenance.put("seconds", result.seconds());
        provenance.put("java", Runtime.version().toString());
        ObjectNode metrics = provenance.putObject("metrics");
        metrics.set("train", finite(result.last()));
        if (result.validation() != null) {
            metrics.set("validation", finite(result.validation()));
        }
        ArrayNode said = provenance.putArray("notes");
        notes.forEach(said::add);
        return provenance;
    }

    /** JSON has no NaN: a figure that does not exist is left out. */
    private static ObjectNode finite(StepResult result) {
        ObjectNode all = JSON.valueToTree(result);
        List<String> missing = new ArrayList<>();
        all.properties().forEach(entry -> {
            if (entry.getValue().isNumber() && !Double.isFinite(entry.getValue().asDouble())) {
                missing.add(entry.getKey());
            }
        });
        all.remove(missing);
        return all;
    }
}
