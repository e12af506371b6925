package org.celllm.tasks.annotate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.tasks.embed.CellDepth;
import org.celllm.tasks.embed.FileEmbedding;
import org.jspecify.annotations.Nullable;

/**
 * What the cells were like that an annotator was fitted on: {@code training.json} of its folder, which older annotators and
 * imported ones lack.
 *
 * @param depth how deeply they were measured
 * @param values the word for the state of their values
 */
public record TrainingCells(CellDepth depth, String values) {
    private static final String FILE = "training.json";
    private static final long LARGEST = 1 << 16;

    static TrainingCells of(FileEmbedding reading) {
        return new TrainingCells(reading.depth(), reading.choice().state().word());
    }

    void write(Path folder) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode json = mapper.createObjectNode()
                .put("medianGenes", depth.genes())
                .put("medianTotal", depth.total())
                .put("values", values);
        SafeFiles.text(
                folder.resolve(FILE), mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }

    /** What a folder says, {@code null} where it says nothing. */
    static @Nullable TrainingCells read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            JsonNode json = Files.size(file) > LARGEST ? null : new ObjectMapper().readTree(Files.readString(file));
            if (json != null && json.path("medianGenes").isNumber()) {
                return new TrainingCells(
                        new CellDepth(
                                json.path("medianGenes").asDouble(),
                                json.path("medianTotal").asDouble()),
                        json.path("values").asText());
            }
        } catch (JsonProcessingException e) {
            throw damaged(file).build(e);
        }
        throw damaged(file).build();
    }

    private static InputException.Builder damaged(Path file) {
        return InputException.about(file)
                .found("is damaged: no medians in it")
                .remedy("Fit the annotator again, or remove this file, which only serves comparisons");
    }
}
