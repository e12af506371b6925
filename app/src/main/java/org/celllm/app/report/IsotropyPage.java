package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.celllm.app.report.ReportPage.CellMap;
import org.celllm.app.report.ReportPage.Curve;
import org.celllm.app.report.ReportPage.CurvePanel;
import org.celllm.app.report.ReportPage.DataTable;
import org.celllm.app.report.ReportPage.Fact;
import org.celllm.app.report.ReportPage.IsotropyPlots;
import org.celllm.app.report.ReportPage.IsotropyPoint;
import org.celllm.app.report.ReportPage.Score;
import org.celllm.app.report.ReportPage.Settings;
import org.celllm.tasks.isotropy.IsotropyFigure;
import org.jspecify.annotations.Nullable;

/** The page of {@code celllm evaluate isotropy}: how the embeddings of models spread, beside the references. */
public final class IsotropyPage {
    /** The file in the folder that the command writes. */
    public static final String FILE = "isotropy.json";

    private IsotropyPage() {}

    /**
     * The page.
     *
     * @param subject the folder or file that the figures were read from
     * @param isotropy JSON with {@code representations}
     * @param map of cells, or {@code null}
     */
    public static ReportPage of(Path subject, JsonNode isotropy, @Nullable CellMap map) {
        JsonNode all = isotropy.path("representations");
        return new ReportPage(
                title(all),
                subtitle(isotropy),
                "",
                facts(all),
                null,
                List.of(),
                List.of(),
                map,
                List.of(),
                List.of(),
                new IsotropyPlots(
                        tables(all),
                        List.of(
                                spectrum(
                                        "Singular spectrum",
                                        "Of the directions of the embeddings; what lies below 1e-4 is not drawn.",
                                        "spectrum",
                                        all),
                                spectrum(
                                        "Singular spectrum, centred",
                                        "The same with the mean direction subtracted.",
                                        "centredSpectrum",
                                        all)),
                        points(all)),
                List.of(),
                settings(isotropy),
                "Made by celllm from " + subject
                        + ". The file is complete in itself and asks the network for nothing.");
    }

    private static String title(JsonNode all) {
        List<String> models = new ArrayList<>();
        for (JsonNode one : all) {
            if (!one.path("reference").asBoolean()) {
                models.add(one.path("name").asText());
            }
        }
        return "Isotropy of " + (models.size() > 3 ? models.size() + " models" : String.join(", ", models));
    }

    private static String subtitle(JsonNode isotropy) {
        return Figures.whole(isotropy.path("cells").asLong()) + " cells of "
                + isotropy.path("file").asText() + " · "
                + Figures.counted(isotropy.path("seeds").size(), "seed") + " · views hide "
                + Figures.percent(isotropy.path("hide").asDouble()) + " of the genes and keep "
                + Figures.percent(isotropy.path("thin").asDouble()) + " of the counts or more";
    }

    /** The first model's figures, each beside the references'. */
    private static List<Fact> facts(JsonNode all) {
        List<Fact> facts = new ArrayList<>();
        for (IsotropyFigure figure : List.of(
                IsotropyFigure.MEAN_COSINE,
                IsotropyFigure.EFFECTIVE_RANK,
                IsotropyFigure.ALIGNMENT,
                IsotropyFigure.UNIFORMITY)) {
            List<String> beside = new ArrayList<>();
            for (JsonNode one : all) {
                if (one.path("reference").asBoolean()) {
                    beside.add(one.path("name").asText() + " " + mean(one, figure));
                }
            }
            String title = figure.title().substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                    + figure.title().substring(1);
            facts.add(new Fact(
                    title + ", " + all.path(0).path("name").asText(),
                    mean(all.path(0), figure),
                    String.join(" · ", beside)));
        }
        return facts;
    }

    private static List<DataTable> tables(JsonNode all) {
        return List.of(
                table(
                        "Figures",
                        "Means over the seeds ± half of the 95% interval. Mean cosine and ranks are of whole cells, and vary only"
                                + " where each seed has cells of its own; alignment and uniformity are of two views of each.",
                        all,
                        IsotropyFigure.MEAN_COSINE,
                        IsotropyFigure.EFFECTIVE_RANK,
                        IsotropyFigure.ALIGNMENT,
                        IsotropyFigure.UNIFORMITY),
                table(
                        "Singular spectrum",
                        "As it is, and with the mean direction subtracted. First direction: its share of the squared singular"
                                + " values.",
                        all,
                        IsotropyFigure.FIRST_SHARE,
                        IsotropyFigure.PARTICIPATION,
                        IsotropyFigure.CENTRED_FIRST_SHARE,
                        IsotropyFigure.CENTRED_EFFECTIVE_RANK,
                        IsotropyFigure.CENTRED_PARTICIPATION));
    }

    private static DataTable table(String title, String note, JsonNode all, IsotropyFigure... figures) {
        List<String> header = new ArrayList<>(List.of("representation", "pool", "dim"));
        for (IsotropyFigure figure : figures) {
            header.add(figure.title());
        }
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode one : all) {
            List<String> row = new ArrayList<>(List.of(
                    one.path("name").asText(),
                    one.path("pool").asText("–"),
                    Figures.whole(one.path("dim").asLong())));
            for (IsotropyFigure figure : figures) {
                Score score = score(one, figure);
                row.add(Figures.interval(score.mean(), score.low(), figure.decimals()));
            }
            rows.add(row);
        }
        return new DataTable(title, note, header, rows);
    }

    private static CurvePanel spectrum(String title, String note, String field, JsonNode all) {
        List<Curve> curves = new ArrayList<>();
        for (JsonNode one : all) {
            List<@Nullable Double> values = new ArrayList<>();
            // Logarithmic axes have no place for zero.
            one.path(field).forEach(value -> values.add(value.asDouble() > 0 ? value.asDouble() : null));
            curves.add(new Curve(
                    one.path("name").asText(),
                    one.path("reference").asBoolean(),
                    LongStream.rangeClosed(1, values.size()).boxed().toList(),
                    values));
        }
        return new CurvePanel(title, note, "σₖ / σ₁", curves);
    }

    private static List<IsotropyPoint> points(JsonNode all) {
        List<IsotropyPoint> points = new ArrayList<>();
        for (JsonNode one : all) {
            points.add(new IsotropyPoint(
                    one.path("name").asText(),
                    one.path("reference").asBoolean(),
                    score(one, IsotropyFigure.MEAN_COSINE),
                    score(one, IsotropyFigure.ALIGNMENT),
                    score(one, IsotropyFigure.UNIFORMITY)));
        }
        return points;
    }

    private static List<Settings> settings(JsonNode isotropy) {
        ObjectNode own = isotropy.deepCopy();
        own.remove("representations");
        ObjectNode models = JsonNodeFactory.instance.objectNode();
        for (JsonNode one : isotropy.path("representations")) {
            ObjectNode model = models.putObject(one.path("name").asText());
            for (String field : List.of("path", "pool", "dim", "genes", "seconds")) {
                if (!one.path(field).isNull()) {
                    model.set(field, one.path(field));
                }
            }
        }
        return List.of(new Settings("Comparison", own), new Settings("Representations", models));
    }

    private static String mean(JsonNode one, IsotropyFigure figure) {
        return Figures.interval(score(one, figure).mean(), null, figure.decimals());
    }

    private static Score score(JsonNode one, IsotropyFigure figure) {
        JsonNode interval = one.path("figures").path(figure.word());
        return new Score(
                Figures.number(interval, "/mean"), Figures.number(interval, "/low"), Figures.number(interval, "/high"));
    }
}
