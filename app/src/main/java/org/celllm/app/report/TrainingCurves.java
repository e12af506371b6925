package org.celllm.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.app.report.ReportPage.Curve;
import org.celllm.app.report.ReportPage.CurvePanel;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/** Reads the {@code metrics.jsonl} that training writes, one JSON object a line, into panels of curves. */
public final class TrainingCurves {
    /** A screen shows no more points across; longer runs are thinned evenly. */
    static final int MOST_POINTS = 1500;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<JsonNode> train = new ArrayList<>();
    private final List<JsonNode> validation = new ArrayList<>();

    private TrainingCurves() {}

    /**
     * Reads a log; a last line that a killed run cut off is left out.
     *
     * @param file which need not exist
     * @throws InputException when a line is no JSON object
     */
    public static TrainingCurves read(Path file) throws IOException {
        TrainingCurves curves = new TrainingCurves();
        if (Files.notExists(file)) {
            return curves;
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String next = lines.readLine();
            for (int number = 1; next != null; number++) {
                String line = next;
                next = lines.readLine();
                if (!line.isBlank()) {
                    curves.add(file, number, line, next == null);
                }
            }
        }
        return curves;
    }

    private void add(Path file, int number, String line, boolean last) {
        try {
            JsonNode entry = JSON.readTree(line);
            if (entry.path("step").isIntegralNumber()) {
                (entry.path("kind").asText().equals("validation") ? validation : train).add(entry);
                return;
            }
        } catch (JsonProcessingException e) {
            if (last) {
                return;
            }
        }
        throw InputException.about(file)
                .at("line " + number)
                .found("no JSON object with a step")
                .expected("one line of metrics a step, as celllm pretrain writes them")
                .build();
    }

    /** The last figure of that name on cells that were not trained on, {@code null} when there is none. */
    @Nullable
    Double lastValidation(String name) {
        return last(validation, name);
    }

    /** The last figure of that name in training, {@code null} when there is none. */
    @Nullable
    Double lastTraining(String name) {
        return last(train, name);
    }

    /** The panels that have something to show. */
    public List<CurvePanel> panels() {
        List<CurvePanel> panels = new ArrayList<>();
        add(panels, "Total loss", "The weighted sum that is minimised.", "loss", "loss");
        add(panels, "Masked expression", "Cross-entropy over expression bins of masked genes.", "nats", "masked");
        List<Curve> right = both("masked_accuracy");
        right.addAll(curve(
                "always the commonest bin", true, validation.isEmpty() ? train : validation, "commonest_accuracy"));
        add(
                panels,
                "Masked genes guessed right",
                "Above the dashed line the model knows more than the commonest bin.",
                "share",
                right);
        add(
                panels,
                "Contrastive",
                "Telling a cell's other view from the other cells of the batch.",
                "nats",
                "contrastive");
        add(panels, "Other view found", "Share of cells whose most similar view is their own.", "share", "retrieved");
        add(panels, "Normal against cancer", "Cross-entropy over cells of known disease.", "nats", "disease");
        add(panels, "Normal and cancer told right", "", "share", "disease_accuracy");
        add(panels, "Learning rate", "", "rate", curve("training", false, train, "learning_rate"));
        add(panels, "Gradient norm", "Before clipping.", "norm", curve("training", false, train, "gradient_norm"));
        add(panels, "Speed", "", "cells/s", curve("training", false, train, "cells_per_second"));
        return panels;
    }

    private void add(List<CurvePanel> panels, String title, String note, String unit, String name) {
        add(panels, title, note, unit, both(name));
    }

    private static void add(List<CurvePanel> panels, String title, String note, String unit, List<Curve> curves) {
        if (!curves.isEmpty()) {
            panels.add(new CurvePanel(title, note, unit, curves));
        }
    }

    private List<Curve> both(String name) {
        List<Curve> curves = new ArrayList<>(curve("training", false, train, name));
        curves.addAll(curve("validation", false, validation, name));
        return curves;
    }

    private static List<Curve> curve(String title, boolean dashed, List<JsonNode> entries, String name) {
        List<JsonNode> having =
                entries.stream().filter(entry -> entry.path(name).isNumber()).toList();
        if (having.isEmpty()) {
            return List.of();
        }
        List<Long> steps = new ArrayList<>();
        List<@Nullable Double> values = new ArrayList<>();
        int stride = (having.size() + MOST_POINTS - 1) / MOST_POINTS;
        for (int i = (having.size() - 1) % stride; i < having.size(); i += stride) {
            steps.add(having.get(i).get("step").asLong());
            values.add(having.get(i).get(name).asDouble());
        }
        return List.of(new Curve(title, dashed, steps, values));
    }

    private static @Nullable Double last(List<JsonNode> entries, String name) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).path(name).isNumber()) {
                return entries.get(i).get(name).asDouble();
            }
        }
        return null;
    }
}
