package org.celllm.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.celllm.app.console.Console;
import org.celllm.data.InputException;
import org.celllm.data.tokens.ValuesOption;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.response.LineEncoder;
import org.celllm.tasks.response.NamedFeatures;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The cell language model that the lines' expression goes through, and how it computes. */
final class LineEncoderOptions {
    private static final String VALUES = "values";
    private static final String POOL = "pool";

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "A cell language model, through which the lines' expression goes as well (default: none).")
    @Nullable
    Path model;

    @Option(
            names = "--profiles",
            paramLabel = "FILE",
            description =
                    "What --model reads: whole expression profiles, one cell a line, named as the lines are; any file"
                            + " that celllm reads (default: the table of --expression).")
    @Nullable
    Path profiles;

    @Mixin
    EmbeddingOptions embedding;

    /**
     * The lines as the model encodes them, {@code null} without a model.
     *
     * @param expression read where there are no profiles
     */
    @Nullable
    NamedFeatures encode(Path expression, Console console) throws IOException {
        if (model == null) {
            if (profiles != null) {
                throw InputException.about("--profiles")
                        .found("is given without --model, which reads it")
                        .build();
            }
            return null;
        }
        EmbedSettings settings = embedding.settings();
        Path read = profiles == null ? expression : profiles;
        try (CellEmbedder embedder = CellEmbedder.open(model, settings);
                CellFile file = CellFile.open(read, settings.values(), settings.identity())) {
            LineEncoder.Encoded encoded = LineEncoder.encode(embedder, file, console.progress());
            EmbedCommand.show(console, encoded.reading());
            return encoded.lines();
        }
    }

    /** Takes over what {@link #describe} said of a fit, where nothing else was asked for: profiles are to be read alike. */
    void asDescribed(JsonNode figures) {
        if (embedding.reading.valuesOption() == ValuesOption.AUTO) {
            embedding.reading.values = figures.path(VALUES).asText(embedding.reading.values);
        }
        if (embedding.pool.pool == null && figures.path(POOL).isTextual()) {
            embedding.pool.pool = figures.path(POOL).asText();
        }
    }

    void describe(ObjectNode figures) {
        if (model != null) {
            figures.put("model", model.toString())
                    .put(VALUES, embedding.reading.values)
                    .put(POOL, embedding.pool.pool);
        }
        if (profiles != null) {
            figures.put("profiles", profiles.toString());
        }
    }
}
