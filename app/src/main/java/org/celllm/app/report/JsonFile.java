package org.celllm.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.celllm.data.InputException;

/** Reads a small JSON file of ours. */
public final class JsonFile {
    /** Ours are kilobytes; what is larger is not one of them. */
    private static final long MOST_BYTES = 64L << 20;

    private JsonFile() {}

    /**
     * The object in a file.
     *
     * @throws InputException when it is not there, too large or no JSON object
     */
    public static JsonNode read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw InputException.about(file).found("no such file").build();
        }
        if (Files.size(file) > MOST_BYTES) {
            throw InputException.about(file)
                    .found(Files.size(file) + " bytes")
                    .expected("at most " + MOST_BYTES)
                    .build();
        }
        try {
            JsonNode node = new ObjectMapper().readTree(Files.readAllBytes(file));
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw InputException.about(file)
                    .at("line " + e.getLocation().getLineNr())
                    .found("no valid JSON: " + e.getOriginalMessage())
                    .build(e);
        }
        throw InputException.about(file).found("no JSON object").build();
    }
}
