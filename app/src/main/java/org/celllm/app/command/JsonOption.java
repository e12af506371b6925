package org.celllm.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.celllm.data.files.SafeFiles;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --json FILE}: the figures of a verb for programs. */
final class JsonOption {
    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON to FILE as well.")
    @Nullable
    Path file;

    /** Writes the figures when they are asked for. */
    void write(JsonNode figures) throws IOException {
        if (file != null) {
            SafeFiles.text(
                    file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n");
        }
    }
}
