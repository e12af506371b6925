package org.celllm.training.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;
import org.celllm.data.safetensors.SafetensorsWriter;

/**
 * The checkpoints of a run, in a folder: {@code step-000000200.safetensors} with the tensors and, written after it,
 * {@code step-000000200.json} with the state and the checksum of the tensors. A checkpoint counts only when its JSON
 * is there and the checksum is right, so a crash at any byte leaves the one before it in force.
 */
public final class CheckpointStore {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "step-";

    private final Path folder;
    private final int keep;

    /**
     * @param folder made when it is not there
     * @param keep how many of the newest stay, at least 1; the best one stays beside them
     */
    public CheckpointStore(Path folder, int keep) {
        this.folder = folder;
        this.keep = keep;
    }

    /**
     * A valid checkpoint.
     *
     * @param step optimiser steps that were done
     * @param tensors its safetensors file
     * @param state what was saved beside the tensors
     */
    public record Found(long step, Path tensors, ObjectNode state) {
        /** Copies the saved values into tensors of the same names and shapes. */
        public void restore(Map<String, Tensor> into) throws IOException {
            TensorStore.read(tensors, into);
        }
    }

    /**
     * Saves, and then removes what is no longer kept.
     *
     * @param step optimiser steps that are done
     * @param tensors everything a run needs to go on, by name
     * @param state anything else; {@code validation_loss} in it, when there, decides which is the best
     */
    public void save(long step, Map<String, Tensor> tensors, ObjectNode state) throws IOException {
        Files.createDirectories(folder);
        String name = PREFIX + String.format(java.util.Locale.ROOT, "%09d", step);
        SafetensorsWriter.Written written = TensorStore.write(folder.resolve(name + ".safetensors"), tensors);
        ObjectNode saved = state.deepCopy();
        saved.put("step", step);
        saved.put("bytes", written.bytes());
        saved.put("sha256", written.sha256());
        SafeFiles.text(
                folder.resolve(name + ".json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(saved) + "\n");
        prune();
    }

    /** The newest checkpoint whose checksum is right; a damaged one is passed over. */
    public Optional<Found> newest() throws IOException {
        for (ObjectNode state : states()) {
            long step = state.path("step").asLong(-1);
            Path tensors = file(step, ".safetensors");
            if (Files.isRegularFile(tensors)
                    && Files.size(tensors) == state.path("bytes").asLong(-1)
                    && Sha256.of(tensors).equals(state.path("sha256").asText())) {
                return Optional.of(new Found(step, tensors, state));
            }
        }
        return Optional.empty();
    }

    /** The states that can be read, newest first. */
    private List<ObjectNode> states() throws IOException {
        List<ObjectNode> states = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return states;
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.filter(file -> file.getFileName().toString().matches(PREFIX + "\\d+\\.json"))
                    .toList();
        }
        for (Path file : files) {
            try {
                if (JSON.readTree(file.toFile()) instanceof ObjectNode state
                        && file.equals(file(state.path("step").asLong(-1), ".json"))) {
                    states.add(state);
                }
            } catch (JsonProcessingException damaged) {
                // An older checkpoint will do.
            }
        }
        states.sort(Comparator.comparingLong(
                        (ObjectNode state) -> state.path("step").asLong())
                .reversed());
        return states;
    }

    private void prune() throws IOException {
        List<ObjectNode> states = states();
        Optional<Long> best = states.stream()
                .filter(state -> state.path("validation_loss").isNumber())
                .min(Comparator.comparingDouble(
                        state -> state.path("validation_loss").asDouble()))
                .map(state -> state.path("step").asLong());
        for (int i = keep; i < states.size(); i++) {
            long step = states.get(i).path("step").asLong();
            if (best.isEmpty() || best.get() != step) {
                Files.deleteIfExists(file(step, ".json"));
                Files.deleteIfExists(file(step, ".safetensors"));
            }
        }
    }

    private Path file(long step, String suffix) {
        return folder.resolve(PREFIX + String.format(java.util.Locale.ROOT, "%09d", step) + suffix);
    }

    /** An error that says why a run cannot go on from {@code folder}. */
    public static InputException cannotResume(Path folder, String why, String remedy) {
        return InputException.about(folder)
                .found("the run cannot be resumed: " + why)
                .remedy(remedy)
                .build();
    }
}
