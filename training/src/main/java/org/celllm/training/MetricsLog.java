package org.celllm.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.celllm.data.files.SafeFiles;
import org.celllm.training.contrast.StepResult;

/**
 * {@code metrics.jsonl}: one JSON object a line, {@code "kind": "train"} or {@code "validation"}, with {@code step}
 * counted from 1. A figure that does not exist (an objective that is off) is left out. A run that is resumed drops
 * the lines after its checkpoint, so the log tells one story.
 */
final class MetricsLog implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferedWriter out;

    private MetricsLog(BufferedWriter out) {
        this.out = out;
    }

    /** Opens the log, keeping lines up to {@code step}. */
    static MetricsLog open(Path file, long step) throws IOException {
        StringBuilder kept = new StringBuilder();
        if (step > 0 && Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                try {
                    JsonNode entry = JSON.readTree(line);
                    if (entry.path("step").asLong(Long.MAX_VALUE) <= step) {
                        kept.append(line).append('\n');
                    }
                } catch (JsonProcessingException cutOff) {
                    // The line that was being written when the run was killed.
                }
            }
        }
        SafeFiles.text(file, kept.toString());
        return new MetricsLog(Files.newBufferedWriter(file, StandardOpenOption.APPEND));
    }

    void train(long step, StepResult result, double learningRate, double gradientNorm, double seconds, double waited)
            throws IOException {
        ObjectNode line = figures("train", step, result);
        line.put("learning_rate", learningRate);
        put(line, "gradient_norm", gradientNorm);
        line.put("positions", result.positions());
        line.put("chunks", result.chunks());
        line.put("rerun", result.rerun());
        line.put("seconds", round(seconds));
        line.put("waited_seconds", round(waited));
        line.put("cells_per_second", round(result.cells() / seconds));
        write(line);
    }

    /** @param resident bytes that the process holds when freed memory was given back */
    void validation(long step, StepResult result, long resident) throws IOException {
        ObjectNode line = figures("validation", step, result);
        line.put("resident_bytes", resident);
        write(line);
    }

    private static ObjectNode figures(String kind, long step, StepResult result) {
        ObjectNode line = JSON.createObjectNode();
        line.put("kind", kind);
        line.put("step", step);
        put(line, "loss", result.loss());
        put(line, "masked", result.masked());
        put(line, "masked_accuracy", result.maskedRight());
        put(line, "commonest_accuracy", result.commonest());
        put(line, "disease", result.disease());
        put(line, "disease_accuracy", result.diseaseRight());
        put(line, "contrastive", result.contrastive());
        put(line, "retrieved", result.retrieved());
        put(line, "temperature", result.temperature());
        line.put("cells", result.cells());
        return line;
    }

    private static void put(ObjectNode line, String name, double value) {
        if (Double.isFinite(value)) {
            line.put(name, value);
        }
    }

    private static double round(double value) {
        return Math.round(value * 1e4) / 1e4;
    }

    private void write(ObjectNode line) throws IOException {
        out.write(line.toString());
        out.newLine();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
