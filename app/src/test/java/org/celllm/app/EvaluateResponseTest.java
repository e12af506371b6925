package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.celllm.data.files.Sha256;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From tables of responses and features to scores, through the command line alone. */
class EvaluateResponseTest {
    private static final int LINES = 60;
    private static final int DRUGS = 20;

    @TempDir
    static Path folder;

    private static Path responses;
    private static Path expression;
    private static Path drugs;
    private static Path thresholds;

    @BeforeAll
    static void simulate() throws IOException {
        KeyedRandom random = KeyedRandom.of(3);
        StringBuilder pairs = new StringBuilder("drug_name,DepMap_ID,ln_IC50\n");
        StringBuilder lines = new StringBuilder("line,G1,G2,G3\n");
        StringBuilder bits = new StringBuilder("drug,a,b\n");
        StringBuilder limits = new StringBuilder("drug,ln_IC50_threshold\n");
        double[] slope = new double[DRUGS];
        for (int d = 0; d < DRUGS; d++) {
            slope[d] = random.nextGaussian();
            bits.append("D").append(d).append(',').append(slope[d]).append(",1\n");
            if (d > 0) {
                limits.append("D").append(d).append(',').append(d % 5).append('\n');
            }
        }
        for (int l = 0; l < LINES; l++) {
            double gene = random.nextGaussian();
            lines.append("L").append(l).append(',').append(gene).append(',');
            lines.append(random.nextGaussian())
                    .append(',')
                    .append(random.nextGaussian())
                    .append('\n');
            for (int d = 0; d < DRUGS; d++) {
                double value = d % 5 + gene * slope[d] + 0.2 * random.nextGaussian();
                pairs.append("D")
                        .append(d)
                        .append(",L")
                        .append(l)
                        .append(',')
                        .append(value)
                        .append('\n');
            }
        }
        pairs.append("D0,unknown,1\n");
        responses = Files.writeString(folder.resolve("responses.csv"), pairs);
        expression = Files.writeString(folder.resolve("expression.csv"), lines);
        drugs = Files.writeString(folder.resolve("drugs.csv"), bits);
        thresholds = Files.writeString(folder.resolve("thresholds.csv"), limits);
    }

    @Test
    void everySplitIsScoredShownAndWritten() throws IOException {
        Path out = folder.resolve("all");
        Path json = folder.resolve("figures.json");
        CommandLineRun run = CommandLineRun.of(
                "evaluate",
                "response",
                "--responses",
                responses,
                "--expression",
                expression,
                "--mutation",
                expression,
                "--drug-features",
                drugs,
                "--thresholds",
                thresholds,
                "--seeds",
                2,
                "--only-baselines",
                "--out",
                out,
                "--json",
                json);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("1,200 pairs of 60 lines and 20 drugs", "1 pair left out", "1 line (unknown) and 0 drugs")
                .contains("in no AUROC or accuracy: 1 drug\n")
                .doesNotContain("is this IC50")
                .contains("random pairs", "unseen lines", "unseen drugs", "unseen lines and drugs")
                .contains("drug + line", "drug mean", "matrix completion", "ridge within drug", "pairwise ridge")
                .contains("AUROC", "evaluation: " + out);
        assertThat(run.err()).contains("Evaluating");

        JsonNode figures =
                new ObjectMapper().readTree(out.resolve("evaluation.json").toFile());
        assertThat(new ObjectMapper().readTree(json.toFile())).isEqualTo(figures);
        assertThat(figures.path("splitsSha256").asText()).isEqualTo(Sha256.of(out.resolve("splits.tsv")));
        assertThat(figures.path("splits")).hasSize(4);
        JsonNode lines = figures.path("splits").path(1);
        assertThat(lines.path("split").asText()).isEqualTo("lines");
        assertThat(within(lines, "drug mean")).isZero();
        assertThat(within(lines, "ridge within drug, expression")).isGreaterThan(0.7);
    }

    @Test
    void oneSplitCanBeAskedFor() throws IOException {
        Path out = folder.resolve("one");
        CommandLineRun run = CommandLineRun.of(
                "evaluate",
                "response",
                "--responses",
                responses,
                "--expression",
                expression,
                "--split",
                "lines",
                "--seeds",
                1,
                "--only-baselines",
                "--out",
                out);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("unseen lines").doesNotContain("random pairs", "AUROC", "pairwise");
        assertThat(Files.readString(out.resolve("splits.tsv"))).contains("lines\tseed 0\ttest\tL");
    }

    @Test
    void theModelReadsMoleculesAndStandsBesideTheBaselines() throws IOException {
        StringBuilder chains = new StringBuilder("Name;SMILES\n");
        for (int d = 0; d < DRUGS; d++) {
            chains.append("D").append(d).append(';').append("C".repeat(d + 1)).append("O\n");
        }
        Path molecules = Files.writeString(folder.resolve("molecules.csv"), chains);
        Object[] options = {
            "evaluate",
            "response",
            "--responses",
            responses,
            "--expression",
            expression,
            "--split",
            "drugs",
            "--seeds",
            1,
            "--drugs",
            molecules,
            "--out",
            folder.resolve("molecules")
        };
        CommandLineRun run = CommandLineRun.of(options);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("unseen drugs, 1 seed,", "pairwise ridge");
        JsonNode figures = new ObjectMapper()
                .readTree(folder.resolve("molecules/evaluation.json").toFile());
        assertThat(figures.path("drugs").asInt()).isEqualTo(DRUGS);
        assertThat(figures.path("molecules").asText()).isEqualTo(molecules.toString());

        assertThat(run.out()).contains("CellLM response", "wide path", "deep path");
    }

    @Test
    void wrongOptionsAreNamed() throws IOException {
        Path strange = Files.writeString(folder.resolve("strange.csv"), "drug,ln_IC50_threshold\nd0,1\nd1,1\n");
        Path out = folder.resolve("none");
        for (Object[] wrong : new Object[][] {
            {"--split", "cells", "--split"},
            {"--seeds", 0, "--seeds"},
            {"--line-column", "nothing", "nothing"},
            {"--mutation", folder.resolve("missing.csv"), "missing.csv"},
            {"--thresholds", strange, "none of the 20 drugs has a threshold: are they named alike, as D0 and d0"}
        }) {
            CommandLineRun run = CommandLineRun.of(
                    "evaluate",
                    "response",
                    "--responses",
                    responses,
                    "--expression",
                    expression,
                    wrong[0],
                    wrong[1],
                    "--out",
                    out);
            assertThat(run.code()).as(run.err()).isEqualTo(2);
            assertThat(run.err()).contains("celllm: error: ").contains(wrong[2].toString());
            assertThat(out).doesNotExist();
        }
    }

    private static double within(JsonNode split, String method) {
        for (JsonNode scores : split.path("methods")) {
            if (scores.path("method").asText().equals(method)) {
                return scores.at("/pearsonWithinDrugs/mean").asDouble();
            }
        }
        throw new AssertionError("no method " + method);
    }
}
