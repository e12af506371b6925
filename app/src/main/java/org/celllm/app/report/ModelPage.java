package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.celllm.app.console.Spans;
import org.celllm.app.report.ReportPage.CellMap;
import org.celllm.app.report.ReportPage.DataTable;
import org.celllm.app.report.ReportPage.Fact;
import org.celllm.app.report.ReportPage.Settings;
import org.jspecify.annotations.Nullable;

/** The page of a model: what it was trained on, how training went, what would run it again. */
public final class ModelPage {
    private final Path folder;
    private final JsonNode config;
    private final JsonNode provenance;
    private final TrainingCurves curves;

    private ModelPage(Path folder, JsonNode config, JsonNode provenance, TrainingCurves curves) {
        this.folder = folder;
        this.config = config;
        this.provenance = provenance;
        this.curves = curves;
    }

    /**
     * Reads what a model's folder says about itself, without its weights.
     *
     * @throws org.celllm.data.InputException when a file is damaged
     */
    public static ModelPage read(Path folder) throws IOException {
        Path provenance = folder.resolve("provenance.json");
        return new ModelPage(
                folder,
                JsonFile.read(folder.resolve("config.json")),
                Files.exists(provenance) ? JsonFile.read(provenance) : new ObjectMapper().createObjectNode(),
                TrainingCurves.read(folder.resolve("metrics.jsonl")));
    }

    /** The page, with a map of cells where there is one. */
    public ReportPage page(@Nullable CellMap map) {
        return new ReportPage(
                "Model " + folder.toAbsolutePath().normalize().getFileName(),
                subtitle(),
                "",
                facts(),
                tables(),
                panels(),
                map,
                List.of(),
                List.of(),
                settings(),
                footer());
    }

    /** One line: size, steps, batch, seed. */
    String subtitle() {
        JsonNode settings = provenance.at("/run/settings");
        List<String> words = new ArrayList<>();
        if (settings.path("preset").isTextual()) {
            words.add(settings.get("preset").asText().toLowerCase(java.util.Locale.ROOT) + " network");
        }
        words.add(config.at("/network/depth").asInt() + " layers of "
                + config.at("/network/dim").asInt());
        if (settings.path("steps").isNumber()) {
            words.add(Figures.whole(settings.get("steps").asLong()) + " steps of "
                    + Figures.whole(settings.path("batch").asLong()) + " cells");
            words.add("seed " + settings.path("seed").asText());
        }
        return String.join(" · ", words);
    }

    /** The figures of training. */
    List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        Double parameters = Figures.number(provenance, "/plan/parameters");
        if (parameters != null) {
            Double trained = Figures.number(provenance, "/plan/trained");
            facts.add(new Fact(
                    "Parameters",
                    Figures.large(parameters),
                    trained == null ? "" : Figures.large(trained) + " trained"));
        }
        facts.add(new Fact("Genes", Figures.whole(config.at("/network/genes").asLong()), "in the vocabulary"));
        Double cells = Figures.number(provenance, "/plan/cells");
        if (cells != null) {
            facts.add(new Fact("Training cells", Figures.whole(cells.longValue()), ""));
        }
        Double right = curves.lastValidation("masked_accuracy");
        if (right != null) {
            facts.add(new Fact(
                    "Masked genes guessed",
                    Figures.share(right),
                    "commonest bin " + Figures.share(curves.lastValidation("commonest_accuracy"))));
        }
        Double retrieved = curves.lastValidation("retrieved");
        if (retrieved != null) {
            facts.add(new Fact("Other view found", Figures.share(retrieved), "of the validation cells"));
        }
        Double disease = curves.lastValidation("disease_accuracy");
        if (disease != null) {
            facts.add(new Fact("Normal/cancer told", Figures.share(disease), "same sources as training"));
        }
        Double seconds = Figures.number(provenance, "/seconds");
        if (seconds != null) {
            Double peak = Figures.number(provenance, "/peak_resident_bytes");
            facts.add(new Fact(
                    "Training took",
                    Spans.of(Duration.ofMillis(Math.round(seconds * 1000))),
                    peak == null || peak == 0
                            ? ""
                            : String.format(java.util.Locale.ROOT, "%.2f GiB at most", peak / (1L << 30))));
        }
        return facts;
    }

    /** The sources of the corpus, and what the run noted. */
    List<DataTable> tables() {
        List<DataTable> tables = new ArrayList<>(SourceTables.of(provenance.path("corpus")));
        JsonNode notes = provenance.path("notes");
        if (notes.isArray() && !notes.isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            notes.forEach(note -> rows.add(List.of(note.asText())));
            tables.add(new DataTable("Notes of the run", "", List.of("what was adapted, and why"), rows));
        }
        return tables;
    }

    /** The curves of training. */
    List<ReportPage.CurvePanel> panels() {
        return curves.panels();
    }

    /** Settings, network, machine. */
    List<Settings> settings() {
        List<Settings> groups = new ArrayList<>();
        add(groups, "Training", training());
        add(groups, "Network", config.path("network"));
        add(groups, "Plan", provenance.path("plan"));
        add(groups, "Corpus", SourceTables.identity(provenance.path("corpus")));
        if (provenance.path("run").isObject()) {
            ObjectNode machine = provenance.get("run").deepCopy();
            machine.remove(List.of("settings", "sampling"));
            add(groups, "Machine", machine);
        }
        ObjectNode rest = provenance.deepCopy();
        rest.remove(List.of("run", "plan", "notes", "metrics", "corpus"));
        add(groups, "Provenance", rest);
        return groups;
    }

    /** The settings, and how cells were drawn where that was asked for. */
    private JsonNode training() {
        JsonNode settings = provenance.at("/run/settings");
        JsonNode sampling = provenance.at("/run/sampling");
        if (!(settings instanceof ObjectNode given) || sampling.isMissingNode()) {
            return settings;
        }
        ObjectNode all = given.deepCopy();
        all.set("sampling", sampling);
        return all;
    }

    /** The last line of the page. */
    String footer() {
        String made = provenance.path("finished").asText("");
        return "Made by celllm from " + folder + (made.isEmpty() ? "" : ", trained " + made)
                + ". The file is complete in itself and asks the network for nothing.";
    }

    private static void add(List<Settings> groups, String name, JsonNode values) {
        if (values.isObject() && !values.isEmpty()) {
            groups.add(new Settings(name, values));
        }
    }
}
