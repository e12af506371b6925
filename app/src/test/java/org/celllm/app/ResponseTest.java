package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From measured responses to those of new lines and drugs, through the command line alone. */
class ResponseTest {
    private static final int LINES = 60;
    private static final int DRUGS = 24;

    @TempDir
    static Path folder;

    private static Path expression;
    private static Path fitted;
    private static Path card;

    @BeforeAll
    static void fit() throws IOException {
        KeyedRandom random = KeyedRandom.of(3);
        StringBuilder pairs = new StringBuilder("drug_name,DepMap_ID,ln_IC50\n");
        StringBuilder lines = new StringBuilder("line,G1,G2,G3\n");
        StringBuilder smiles = new StringBuilder("drug_name,SMILES\n");
        for (int d = 0; d < DRUGS; d++) {
            smiles.append(drug(d)).append(',').append(chain(d)).append('\n');
        }
        for (int l = 0; l < LINES; l++) {
            double gene = random.nextGaussian();
            lines.append("L" + l + "," + gene + "," + random.nextGaussian() + "," + random.nextGaussian() + "\n");
            for (int d = 0; d < DRUGS; d++) {
                pairs.append(drug(d) + ",L" + l + "," + truth(gene, d) + "\n");
            }
        }
        Path responses = Files.writeString(folder.resolve("responses.csv"), pairs);
        expression = Files.writeString(folder.resolve("expression.csv"), lines);
        Path drugs = Files.writeString(folder.resolve("drugs.csv"), smiles);
        fitted = folder.resolve("fitted");
        card = folder.resolve("card.json");
        CommandLineRun run = CommandLineRun.of(
                "response",
                "fit",
                "--responses",
                responses,
                "--expression",
                expression,
                "--drugs",
                drugs,
                "--out",
                fitted,
                "--json",
                card);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "1,440 pairs of 60 lines and 24 drugs",
                        "Held-out pairs",
                        "unseen lines",
                        "scores of so few pairs");
        assertThat(run.err()).contains("Fitting");
    }

    /** Each carbon makes a drug stronger in lines with much of a gene. */
    private static double truth(double gene, int drug) {
        return 2 - 0.2 * chain(drug).length() - 0.3 * gene * (drug % 3 - 1);
    }

    private static String chain(int drug) {
        return "C".repeat(1 + drug / 3) + List.of("O", "N", "Cl").get(drug % 3);
    }

    private static String drug(int d) {
        return "drug " + d;
    }

    @Test
    void theCardSaysHowWellUnseenOnesArePredicted() throws IOException {
        JsonNode figures = new ObjectMapper().readTree(card.toFile());
        assertThat(figures.at("/heldOut/lines/CellLM response/pearson").asDouble())
                .isGreaterThan(0.9);
        assertThat(figures.at("/heldOut/random/CellLM response/pairs").asInt()).isEqualTo(144);
        assertThat(figures.at("/heldOut/both/CellLM response/pairs").asInt()).isBetween(1, 29);
        assertThat(figures.path("limits").asText()).contains("guesses");
        assertThat(Files.readString(fitted.resolve("MODEL_CARD.md")))
                .contains("measured pairs", "| lines | CellLM response |", "guesses");
        assertThat(new ObjectMapper()
                        .readTree(fitted.resolve("response.json").toFile())
                        .path("card"))
                .isEqualTo(figures);
    }

    @Test
    void newLinesWithTheDrugsItKnows() throws IOException {
        Path lines = Files.writeString(folder.resolve("new.csv"), "line,G3,G1,extra\nX,0,2,5\nY,0,-2,5\nL3,0,0,5\n");
        Path out = folder.resolve("predicted.csv");
        CommandLineRun run = CommandLineRun.of("response", "predict", fitted, "--expression", lines, "--out", out);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "3 lines, 1 of them known to the model; 24 drugs, 24 known", "1 columns", "responses: " + out);
        List<String> rows = Files.readAllLines(out);
        assertThat(rows).hasSize(1 + 3 * DRUGS);
        assertThat(rows.get(0)).isEqualTo("line,drug,ln_IC50,IC50_uM,fitted_on,expected_error");
        assertThat(values(rows, "X,", ",drug,")).hasSize(DRUGS);
        assertThat(values(rows, "L3,", ",both,")).hasSize(DRUGS);
        // Drugs 0 and 3 have the gene against them, 2 and 5 with them, 1 not at all.
        assertThat(rise(rows, 0) + rise(rows, 3)).isGreaterThan(1);
        assertThat(rise(rows, 2) + rise(rows, 5)).isLessThan(-1);
        assertThat(rise(rows, 1)).isBetween(-0.3, 0.3);
    }

    /** By how much more a drug's ln IC50 is in line X, which has much of the gene, than in Y. */
    private static double rise(List<String> rows, int drug) {
        return values(rows, "X," + drug(drug) + ",", "").get(0)
                - values(rows, "Y," + drug(drug) + ",", "").get(0);
    }

    private static List<Double> values(List<String> rows, String start, String has) {
        List<Double> values = new ArrayList<>();
        for (String row : rows) {
            if (row.startsWith(start) && row.contains(has)) {
                values.add(Double.valueOf(row.split(",")[2]));
            }
        }
        return values;
    }

    @Test
    void aModelWithGivenFeaturesOfDrugsKnowsItsOwnAlone() throws IOException {
        StringBuilder features = new StringBuilder("drug_name,length,kind\n");
        for (int d = 0; d < DRUGS; d++) {
            features.append(drug(d) + "," + chain(d).length() + "," + d % 3 + "\n");
        }
        Path given = Files.writeString(folder.resolve("features.csv"), features);
        Path model = folder.resolve("by-features");
        CommandLineRun fit = CommandLineRun.of(
                "response",
                "fit",
                "--responses",
                folder.resolve("responses.csv"),
                "--expression",
                expression,
                "--drugs",
                folder.resolve("drugs.csv"),
                "--drug-features",
                given,
                "--out",
                model);
        assertThat(fit.code()).as(fit.err()).isZero();
        Path known = Files.writeString(folder.resolve("known.csv"), "drug_name,SMILES\ndrug 1,CN\n");
        Path out = folder.resolve("known-predicted.csv");
        CommandLineRun run = CommandLineRun.of(
                "response", "predict", model, "--expression", expression, "--drugs", known, "--out", out);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(Files.readAllLines(out)).hasSize(1 + LINES);
        Path other = Files.writeString(folder.resolve("other.csv"), "drug_name,SMILES\ndrug 1,CN\nlong,CCCCCO\n");
        Path none = folder.resolve("none.csv");
        CommandLineRun refused = CommandLineRun.of(
                "response", "predict", model, "--expression", expression, "--drugs", other, "--out", none);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("not long", "--drug-features");
        assertThat(none).doesNotExist();
    }

    @Test
    void newDrugsByTheirSmiles() throws IOException {
        Path drugs = Files.writeString(folder.resolve("asked.csv"), "drug_name,SMILES\nlong,CCCCCCCCCO\ndrug 1,CN\n");
        Path out = folder.resolve("asked-predicted.csv");
        CommandLineRun run = CommandLineRun.of(
                "response", "predict", fitted, "--expression", expression, "--drugs", drugs, "--out", out);
        assertThat(run.code()).as(run.err()).isZero();
        List<String> rows = Files.readAllLines(out);
        assertThat(rows).hasSize(1 + 2 * LINES);
        assertThat(rows.get(1)).startsWith("L0,long,").contains(",line,");
        assertThat(rows.get(2)).startsWith("L0,drug 1,").contains(",both,");
    }

    @Test
    void whatCannotBeAskedIsRefusedByName() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.csv"), "drug_name,SMILES\nodd,C1CC\n");
        Path strange = Files.writeString(folder.resolve("strange.csv"), "line,ENSG1,ENSG2\nX,1,2\n");
        Path out = folder.resolve("refused.csv");
        Object[][] wrong = {
            {"predict", fitted, "--expression", expression, "--drugs", bad, "bad.csv"},
            {"predict", fitted, "--expression", strange, "--out", out, "named alike"},
            {"predict", fitted, "--expression", expression, "--mutation", expression, "mutation"},
            {"predict", fitted, "--expression", expression, "--profiles", expression, "--profiles"},
            {"predict", folder, "--expression", expression, "--seed", 1, "--seed"},
            {"predict", folder, "--expression", expression, "--values", "auto", "response fit"},
            {"fit", "--responses", expression, "--expression", expression, "--seed", 1, "drug_name"}
        };
        for (Object[] one : wrong) {
            List<Object> arguments = new ArrayList<>(List.of("response"));
            arguments.addAll(List.of(one).subList(0, one.length - 1));
            if (!arguments.contains("--out")) {
                arguments.addAll(List.of("--out", out));
            }
            CommandLineRun run = CommandLineRun.of(arguments.toArray());
            assertThat(run.code()).as(run.err()).isEqualTo(2);
            assertThat(run.err()).contains(one[one.length - 1].toString());
            assertThat(out).doesNotExist();
        }
    }
}
