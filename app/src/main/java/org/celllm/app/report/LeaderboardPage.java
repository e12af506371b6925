package org.celllm.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.celllm.app.report.ReportPage.Fact;
import org.celllm.app.report.ReportPage.Leaderboard;
import org.celllm.app.report.ReportPage.LeaderboardRow;
import org.celllm.app.report.ReportPage.Settings;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/** The page of {@code celllm evaluate suite}: every evaluation of a list beside its best baseline. */
public final class LeaderboardPage {
    /** The file in the folder that the command writes. */
    public static final String FILE = "suite.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private LeaderboardPage() {}

    /**
     * The page.
     *
     * @param folder of the suite, in which {@code NAME.html} is the page of an evaluation
     * @param suite JSON with {@code evaluations}
     * @param links where the folder is, as the page sees it; empty when the page lies in it
     * @throws InputException when the JSON is of something else
     */
    public static ReportPage of(Path folder, JsonNode suite, URI links) {
        List<LeaderboardRow> rows = rows(folder, suite, links);
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        for (JsonNode one : suite.path("evaluations")) {
            List<String> words = new ArrayList<>();
            one.path("options").forEach(word -> words.add(word.asText()));
            settings.put(one.path("name").asText(), one.path("kind").asText() + " " + String.join(" ", words));
        }
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return new ReportPage(
                "Leaderboard: " + (name == null ? folder : name),
                Figures.whole(suite.path("evaluations").size()) + " evaluations of "
                        + suite.path("suite").asText(),
                "",
                facts(rows),
                new Leaderboard(
                        "Each model beside the baseline with the highest mean on the same splits, which is chosen after the"
                                + " fact, in the baselines' favour. Won and lost are said where the 95% interval of the paired"
                                + " difference leaves zero out; with many lines, some do by chance.",
                        rows),
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of(new Settings("Evaluations", settings)),
                "Made by celllm from " + folder + ". The file is complete in itself and asks the network for nothing.");
    }

    /**
     * The lines of the table.
     *
     * @param suite JSON with {@code evaluations}
     */
    public static List<LeaderboardRow> rows(Path folder, JsonNode suite, URI links) {
        if (!suite.path("evaluations").isArray()) {
            throw InputException.about(folder.resolve(FILE))
                    .found("has no evaluations")
                    .expected("the JSON that celllm evaluate suite writes")
                    .build();
        }
        List<LeaderboardRow> rows = new ArrayList<>();
        for (JsonNode one : suite.path("evaluations")) {
            String name = one.path("name").asText();
            String kind = one.path("kind").asText();
            @Nullable String link = Files.isRegularFile(folder.resolve(name + ".html")) ? links + name + ".html" : null;
            Double seconds = Figures.number(one, "/seconds");
            String took = seconds == null ? "–" : String.format(Locale.ROOT, "%.1f", seconds);
            List<Standing> standings = standings(folder, one);
            String state = one.path("state").asText();
            if (standings.isEmpty()) {
                rows.add(new LeaderboardRow(
                        name,
                        link,
                        kind,
                        null,
                        state.equals("done") ? Verdict.NOT_COMPARED.word() : state,
                        took,
                        one.path("error").asText("")));
            }
            for (int i = 0; i < standings.size(); i++) {
                Standing standing = standings.get(i);
                rows.add(new LeaderboardRow(
                        name, link, kind, standing, standing.verdict().word(), i == 0 ? took : "", ""));
            }
        }
        return rows;
    }

    private static List<Standing> standings(Path folder, JsonNode one) {
        List<Standing> standings = new ArrayList<>();
        for (JsonNode standing : one.path("standings")) {
            try {
                standings.add(JSON.treeToValue(standing, Standing.class));
            } catch (JsonProcessingException e) {
                throw InputException.about(folder.resolve(FILE))
                        .at(one.path("name").asText())
                        .found("has a standing that cannot be read: " + e.getOriginalMessage())
                        .build(e);
            }
        }
        return standings;
    }

    private static List<Fact> facts(List<LeaderboardRow> rows) {
        List<Fact> facts = new ArrayList<>();
        for (Verdict verdict : List.of(Verdict.WON, Verdict.LOST, Verdict.UNDECIDED)) {
            facts.add(new Fact(
                    verdict.word().substring(0, 1).toUpperCase(Locale.ROOT)
                            + verdict.word().substring(1),
                    count(rows, verdict.word()),
                    "by the interval"));
        }
        if (!count(rows, "failed").equals("0")) {
            facts.add(new Fact("Failed", count(rows, "failed"), "see the table"));
        }
        return facts;
    }

    private static String count(List<LeaderboardRow> rows, String verdict) {
        return Figures.whole(
                rows.stream().filter(row -> row.verdict().equals(verdict)).count());
    }
}
