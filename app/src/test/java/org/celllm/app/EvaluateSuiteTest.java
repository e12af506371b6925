package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A list of evaluations through the command line alone; nothing in it needs a trained model. */
class EvaluateSuiteTest {
    private static final String BASELINES =
            "--responses ${TABLES}/pairs.csv --expression '${TABLES}/lines.csv' --seeds 2 --only-baselines --split ";

    @TempDir
    static Path folder;

    @BeforeAll
    static void simulate() throws IOException {
        KeyedRandom random = KeyedRandom.of(3);
        StringBuilder pairs = new StringBuilder("drug_name,DepMap_ID,ln_IC50\n");
        StringBuilder lines = new StringBuilder("line,G1,G2\n");
        for (int l = 0; l < 60; l++) {
            double gene = random.nextGaussian();
            lines.append("L%d,%.4f,%.4f%n".formatted(l, gene, random.nextGaussian()));
            for (int d = 0; d < 12; d++) {
                pairs.append(
                        "D%d,L%d,%.4f%n".formatted(d, l, d % 5 + gene * (d % 3 - 1) + 0.2 * random.nextGaussian()));
            }
        }
        Path tables = Files.createDirectories(folder.resolve("some tables"));
        Files.writeString(tables.resolve("pairs.csv"), pairs);
        Files.writeString(tables.resolve("lines.csv"), lines);
    }

    @Test
    void oneFailsTheOthersGoOnAndFinishedOnesAreKept() throws IOException {
        Path list = Files.writeString(folder.resolve("suite.yaml"), """
                        variables:
                          TABLES: some tables
                        evaluations:
                          - name: good
                            kind: response
                            options: %slines
                          - name: missing
                            kind: response
                            options: [--responses, nowhere.csv, --expression, "${TABLES}/lines.csv"]
                          - name: pairs
                            kind: response
                            options: %srandom
                        """.formatted(BASELINES, BASELINES));
        Path out = folder.resolve("suite");

        CommandLineRun first = CommandLineRun.of("evaluate", "suite", list, "--out", out);

        assertThat(first.code()).as(first.err()).isEqualTo(2);
        assertThat(first.err()).contains("nowhere.csv");
        assertThat(first.out())
                .contains("==> good", "==> missing", "==> pairs", "failed", "unseen lines", "leaderboard: " + out);
        JsonNode figures = json(out);
        assertThat(figures.at("/evaluations/0/state").asText()).isEqualTo("done");
        assertThat(figures.at("/evaluations/0/standings/0/verdict").asText()).isEqualTo("not compared");
        assertThat(figures.at("/evaluations/1/error").asText()).contains("nowhere.csv");
        assertThat(figures.at("/evaluations/2/state").asText()).isEqualTo("done");
        assertThat(out.resolve("missing")).doesNotExist();
        assertThat(Files.readString(out.resolve("good/splits.tsv"))).contains("lines\tseed 0");
        assertThat(Files.readString(out.resolve("good.html"))).contains("Unseen lines", "within drugs");
        assertThat(Files.readString(out.resolve("leaderboard.html")))
                .contains("\"good\"", "\"missing\"", "\"pairs\"", "\"failed\"", "\"good.html\"", "not compared");
        Path page = folder.resolve("again.html");
        assertThat(CommandLineRun.of("report", out, "--out", page).code()).isZero();
        assertThat(Files.readString(page)).contains("some tables", "suite/good.html");

        CommandLineRun refused = CommandLineRun.of("evaluate", "suite", list, "--out", out);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("exists already");

        Files.writeString(folder.resolve("nowhere.csv"), Files.readString(folder.resolve("some tables/pairs.csv")));
        Files.writeString(
                list,
                Files.readString(list)
                        .replace("lines.csv\"]", "lines.csv\", --only-baselines, --split, lines, --seeds, 2]")
                        .replace("--split random", "--split drugs"));
        CommandLineRun second = CommandLineRun.of("evaluate", "suite", list, "--out", out, "--resume");
        assertThat(second.code()).as(second.err()).isZero();
        assertThat(second.out())
                .contains("good: finished before, kept", "==> missing", "==> pairs", "unseen drugs")
                .doesNotContain("==> good");
        assertThat(json(out).at("/evaluations/0/seconds")).isEqualTo(figures.at("/evaluations/0/seconds"));

        Files.writeString(folder.resolve("some tables/lines.csv"), "", java.nio.file.StandardOpenOption.APPEND);
        Files.setLastModifiedTime(
                folder.resolve("some tables/lines.csv"), java.nio.file.attribute.FileTime.fromMillis(1));
        CommandLineRun third = CommandLineRun.of("evaluate", "suite", list, "--out", out, "--resume");
        assertThat(third.out()).as("an input has changed").contains("==> good");
    }

    @Test
    void aListThatCannotBeUsedIsOneLineWithItsPlaceAndTheRemedy() throws IOException {
        refused("line 3", "the key 'kinds'", "evaluations:\n  - name: a\n    kinds: response\n    options: x\n");
        refused("line 3", "the kind 'respons'", "evaluations:\n  - name: a\n    kind: respons\n    options: x\n");
        refused(
                "line 4",
                "${DATA}, which has no value",
                "evaluations:\n  - name: a\n    kind: response\n    options: ${DATA}\n");
        refused("line 4", "not closed", "evaluations:\n  - name: a\n    kind: response\n    options: --a 'b\n");
        refused("line 2", "the name '../a'", "evaluations:\n  - name: ../a\n    kind: response\n    options: x\n");
        refused("line 2", "without 'kind'", "evaluations:\n  - name: a\n    options: x\n");
        refused(
                "line 4",
                "--sedes",
                "evaluations:\n  - name: a\n    kind: response\n    options: --responses a --expression b --sedes 3\n");
        refused(
                "line 4",
                "--out",
                "evaluations:\n  - name: a\n    kind: response\n    options: --responses a --expression b --out c\n");
        refused("line 1", "no list 'evaluations'", "evaluation: 3\n");
        refused("line 2", "is not YAML", "evaluations:\n  - a: b: c\n");
    }

    @Test
    void aFolderThatIsNoSuiteIsNeverReplaced() throws IOException {
        Path list = Files.writeString(
                folder.resolve("small.yaml"), "evaluations:\n  - {name: a, kind: response, options: x}\n");
        Path mine = Files.createDirectories(folder.resolve("mine"));
        Files.writeString(mine.resolve("letter.txt"), "dear");
        CommandLineRun run = CommandLineRun.of("evaluate", "suite", list, "--out", mine, "--force");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("expected nothing or the evaluations of a suite");
        assertThat(mine.resolve("letter.txt")).exists();
    }

    private static void refused(String line, String found, String text) throws IOException {
        Path list = Files.writeString(folder.resolve("wrong.yaml"), text);
        Path out = folder.resolve("never");
        CommandLineRun run = CommandLineRun.of("evaluate", "suite", list, "--out", out);
        assertThat(run.code()).as(text).isEqualTo(2);
        assertThat(run.err()).contains("wrong.yaml", line, found).hasLineCount(1);
        assertThat(out).doesNotExist();
    }

    private static JsonNode json(Path out) throws IOException {
        return new ObjectMapper().readTree(out.resolve("suite.json").toFile());
    }
}
