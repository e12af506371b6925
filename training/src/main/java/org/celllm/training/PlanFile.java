package org.celllm.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;

/**
 * {@code plan.json} in a model's folder: how batches are divided and from which step on, with what the run was. It is on the disk
 * before the first step that is divided so: a run that is cut off at any moment divides the same steps alike when it goes on, and
 * another run can be given it.
 */
public final class PlanFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "plan.json";
    private static final long LARGEST = 16L << 20;

    private PlanFile() {}

    static void write(Path model, PretrainPlan plan, JsonNode identity) throws IOException {
        ObjectNode all = JSON.createObjectNode();
        all.set("plan", JSON.valueToTree(plan));
        all.set("run", identity);
        SafeFiles.text(
                model.resolve(NAME), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
    }

    /** The plan of the same run that was begun in a folder; of another run, none. */
    static Optional<PretrainPlan> ofRun(Path model, JsonNode identity) throws IOException {
        Path file = model.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        JsonNode all = json(file);
        return RunIdentity.differences(all.path("run"), identity).isEmpty()
                ? Optional.of(plan(file, all))
                : Optional.empty();
    }

    /**
     * Reads the plan of a run, to divide another one alike.
     *
     * @param path the model's folder, or its {@code plan.json}
     * @throws InputException when it is none
     */
    public static PretrainPlan read(Path path) throws IOException {
        Path file = Files.isDirectory(path) ? path.resolve(NAME) : path;
        if (!Files.isRegularFile(file)) {
            throw InputException.about(file)
                    .found("does not exist")
                    .expected("the " + NAME + " of a run")
                    .build();
        }
        return plan(file, json(file));
    }

    private static JsonNode json(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw InputException.about(file).found("is too large for a plan").build();
        }
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw InputException.about(file).found("is not JSON").build(e);
        }
    }

    private static PretrainPlan plan(Path file, JsonNode all) {
        try {
            PretrainPlan plan = JSON.treeToValue(all.path("plan"), PretrainPlan.class);
            if (plan != null) {
                plan.division(Long.MAX_VALUE);
                return plan;
            }
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw InputException.about(file)
                    .found("holds no plan: " + e.getMessage())
                    .build(e);
        }
        throw InputException.about(file).found("holds no plan").build();
    }
}
