package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.labels.CellLabels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels by neighbours, types left out, marker genes and other batches, through the command line alone. */
class AnnotationCommandsTest {
    @TempDir
    static Path folder;

    private static Path cells;
    private static Path others;
    private static Path model;
    private static Path annotator;

    @BeforeAll
    static void train() {
        cells = folder.resolve("cells.h5ad");
        others = folder.resolve("others.h5ad");
        model = folder.resolve("model");
        annotator = folder.resolve("annotator");
        run("simulate", "--cells", 120, "--genes", 200, "--types", 4, "--out", cells);
        run("simulate", "--cells", 30, "--genes", 200, "--types", 4, "--seed", 9, "--out", others);
        run("pretrain", cells, "--disease", "normal", "--steps", 1, "--batch", 8, "--out", model);
        run(
                "annotate",
                "fit",
                model,
                cells,
                "--label",
                "cell_type",
                "--splits",
                1,
                "--class-weights",
                "balanced",
                "--out",
                annotator);
    }

    @Test
    void neighboursAreShownAndWritten() throws IOException {
        Path out = folder.resolve("neighbours.csv");
        Path json = folder.resolve("neighbours.json");
        CommandLineRun named = run(
                "neighbours",
                model,
                cells,
                others,
                "--label",
                "cell_type",
                "-k",
                3,
                "--index",
                "hnsw",
                "--out",
                out,
                "--json",
                json);
        assertThat(named.out()).contains("Labels by 3 neighbours (hnsw)", "share of the vote");
        assertThat(Files.readAllLines(out)).hasSize(31);
        JsonNode figures = new ObjectMapper().readTree(json.toFile());
        assertThat(figures.path("referenceCells").asInt()).isEqualTo(120);
        assertThat(figures.path("unassigned").asInt()).isZero();
        for (Object[] wrong : new Object[][] {{"-k", 0}, {"--index", "best"}}) {
            CommandLineRun refused = CommandLineRun.of(
                    "neighbours",
                    model,
                    cells,
                    others,
                    "--label",
                    "cell_type",
                    wrong[0],
                    wrong[1],
                    "--out",
                    folder.resolve("never.csv"));
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains(wrong[0].toString().substring(1));
        }
        assertThat(folder.resolve("never.csv")).doesNotExist();
    }

    @Test
    void typesLeftOutAreScoredWrittenAndShownInAReport() throws IOException {
        Path out = folder.resolve("novel");
        CommandLineRun evaluated = run(
                "evaluate",
                "annotation",
                model,
                cells,
                "--label",
                "cell_type",
                "--hold-out-types",
                "--seeds",
                1,
                "--out",
                out);
        assertThat(evaluated.out()).contains("each of 4 types left out", "area", "known cells unassigned");
        JsonNode figures =
                new ObjectMapper().readTree(out.resolve("evaluation.json").toFile());
        assertThat(figures.at("/novelTypes/0/curve")).hasSize(101);
        assertThat(Files.readString(out.resolve("splits.tsv"))).contains("seed 0, without ");
        Path page = folder.resolve("novel.html");
        run("report", out, "--out", page);
        assertThat(Files.readString(page)).contains("Novel cells told from known ones", "Thresholds of model");
    }

    @Test
    void anotherFileIsTestedOnUnderTheNamesOfTheFirst() throws IOException {
        Path out = folder.resolve("another");
        List<String> types = types(others);
        CommandLineRun evaluated = run(
                "evaluate",
                "annotation",
                model,
                cells,
                "--label",
                "cell_type",
                "--test",
                others,
                "--seeds",
                2,
                "--rename",
                types.get(0) + "=" + types.get(1),
                "--out",
                out);
        assertThat(evaluated.out())
                .contains("80% of the labels of one file × 2 draws, tested on the other", "15 components of both files")
                .contains("others.h5ad has 200 of the 200 genes of cells.h5ad");
        JsonNode figures =
                new ObjectMapper().readTree(out.resolve("evaluation.json").toFile());
        assertThat(figures.path("labels")).hasSize(types.size() - 1);
        assertThat(figures.at("/renamed/" + types.get(0)).asText()).isEqualTo(types.get(1));
        assertThat(figures.at("/methods/0/macroF1/mean").asDouble()).isGreaterThan(0.6);
        assertThat(figures.at("/methods/0/confusion/counts")).isNotEmpty();
        List<String> splits = Files.readAllLines(out.resolve("splits.tsv"));
        assertThat(splits.stream().filter(line -> line.contains("\ttest\t"))).hasSize(2 * 30);
        // Some 80% of 120 cells, class by class.
        assertThat(splits.stream().filter(line -> line.contains("\ttrain\t"))).hasSizeBetween(2 * 93, 2 * 99);
        run("report", out, "--out", folder.resolve("another.html"));
    }

    @Test
    void anotherFileWithOtherNamesIsRefusedWithTheRemedy() throws IOException {
        Path out = folder.resolve("never");
        Object[] evaluate = {
            "evaluate", "annotation", model, cells, "--label", "cell_type", "--test", others, "--out", out
        };
        List<Object> renamed = new ArrayList<>(List.of(evaluate));
        types(others).forEach(type -> renamed.addAll(List.of("--rename", type + "=not " + type)));
        CommandLineRun alike = CommandLineRun.of(renamed.toArray());
        assertThat(alike.code()).as("renamed in both files: the same names").isZero();
        Path elsewhere = folder.resolve("elsewhere.h5ad");
        run("simulate", "--cells", 20, "--genes", 200, "--types", 4, "--seed", 3, "--out", elsewhere);
        evaluate[7] = elsewhere;
        evaluate[9] = folder.resolve("neither");
        List<Object> column = new ArrayList<>(List.of(evaluate));
        column.addAll(List.of("--test-label", "disease"));
        CommandLineRun strange = CommandLineRun.of(column.toArray());
        assertThat(strange.code()).isEqualTo(2);
        assertThat(strange.err()).contains("is a label of the cells to learn from", "--rename");
        List<Object> typo = new ArrayList<>(List.of(evaluate));
        typo.addAll(List.of("--rename", "zebra=horse"));
        CommandLineRun misspelt = CommandLineRun.of(typo.toArray());
        assertThat(misspelt.code()).isEqualTo(2);
        assertThat(misspelt.err()).contains("--rename zebra=horse: neither file has a label");
        for (String[] twice :
                new String[][] {{"a=b", "a=c", "the label is to be named b, too"}, {"a=b", "c", "no ="}}) {
            List<Object> two = new ArrayList<>(List.of(evaluate));
            two.addAll(List.of("--rename", twice[0], "--rename", twice[1]));
            CommandLineRun both = CommandLineRun.of(two.toArray());
            assertThat(both.code()).as(both.err()).isEqualTo(2);
            assertThat(both.err()).contains("--rename " + twice[1] + ": " + twice[2]);
        }
        for (Object[] lone : new Object[][] {{"--rename", "a=b"}, {"--test-label", "disease"}}) {
            CommandLineRun alone = CommandLineRun.of(
                    "evaluate",
                    "annotation",
                    model,
                    cells,
                    "--label",
                    "cell_type",
                    lone[0],
                    lone[1],
                    "--out",
                    folder.resolve("neither"));
            assertThat(alone.code()).isEqualTo(2);
            assertThat(alone.err()).contains(lone[0] + ": is given without --test");
        }
        List<Object> both = new ArrayList<>(List.of(evaluate));
        both.addAll(List.of("--leave-out", "cell_type"));
        assertThat(CommandLineRun.of(both.toArray()).code()).isEqualTo(2);
        assertThat(folder.resolve("neither")).doesNotExist();
    }

    private static List<String> types(Path file) throws IOException {
        try (CellFile opened = CellFile.open(
                file, EmbedSettings.usual().values(), EmbedSettings.usual().identity())) {
            return CellLabels.read(file, opened.cells(), "cell_type").names();
        }
    }

    @Test
    void markersAreListedByLabel() throws IOException {
        Path out = folder.resolve("markers.csv");
        CommandLineRun found =
                run("annotate", "markers", annotator, others, "--cells-per-type", 1, "--top", 4, "--out", out);
        assertThat(found.out()).contains("genes, log-odds that go with them");
        assertThat(Files.readAllLines(out)).hasSizeBetween(3, 17);
    }

    @Test
    void predictingPutsTheCellsBesideTheTrainingCells() throws IOException {
        Path json = folder.resolve("labels.json");
        CommandLineRun predicted =
                run("annotate", "predict", annotator, others, "--out", folder.resolve("labels.csv"), "--json", json);
        assertThat(predicted.out()).contains("training cells", "expressed genes of the median cell", "cells/s");
        JsonNode difference = new ObjectMapper().readTree(json.toFile()).path("difference");
        assertThat(difference.path("missing").asInt()).isZero();
        assertThat(difference.path("trainingMedianTotal").asDouble()).isPositive();
        assertThat(Files.readString(annotator.resolve("report.json"))).contains("balanced");
        assertThat(CommandLineRun.of(
                                "annotate",
                                "fit",
                                model,
                                cells,
                                "--label",
                                "cell_type",
                                "--class-weights",
                                "some",
                                "--out",
                                folder.resolve("never"))
                        .code())
                .isEqualTo(2);
    }

    @Test
    void cellsThatExpressNothingStayUnassigned() throws IOException {
        List<String> genes = Files.readAllLines(model.resolve("genes.tsv"));
        StringBuilder table = new StringBuilder("gene,nothing,something,nothing too\n");
        for (int g = 1; g < genes.size(); g++) {
            table.append(genes.get(g)).append(",0,").append(g % 5).append(",0\n");
        }
        Path file = Files.writeString(folder.resolve("blank.csv"), table);
        Path out = folder.resolve("blank-labels.csv");
        CommandLineRun predicted = run("annotate", "predict", annotator, file, "--threshold", 0, "--out", out);
        assertThat(predicted.err()).contains("2 cells express none of the genes");
        List<String> rows = Files.readAllLines(out);
        assertThat(rows.get(1)).isEqualTo("nothing,unassigned,0.250000");
        assertThat(rows.get(2)).startsWith("something,").doesNotContain("unassigned");
        assertThat(rows.get(3)).isEqualTo("nothing too,unassigned,0.250000");
    }

    @Test
    void optionsOfTwoProtocolsAndImpossibleOnesAreRefused() {
        for (List<Object> options : List.<List<Object>>of(
                List.of("--few-shot", 3, "--folds", 3),
                List.of("--few-shot", 3, "--leave-out", "donor"),
                List.of("--hold-out-types", "--probe"),
                List.of("--test", others, "--folds", 3),
                List.of("--test", cells),
                List.of("--draws", 0, "--few-shot", 3),
                List.of("--folds", 1),
                List.of("--threads", 1_000_000),
                List.of("--memory", "10m"))) {
            List<Object> words = new ArrayList<>(List.of(
                    "evaluate",
                    "annotation",
                    model,
                    cells,
                    "--label",
                    "cell_type",
                    "--out",
                    folder.resolve("no protocol")));
            words.addAll(options);
            CommandLineRun refused = CommandLineRun.of(words.toArray());
            assertThat(refused.code()).as("%s: %s", options, refused.err()).isEqualTo(2);
            assertThat(refused.err().lines().filter(line -> line.contains("error")))
                    .as("%s", options)
                    .singleElement()
                    .asString()
                    .contains(options.get(0).toString());
        }
        assertThat(folder.resolve("no protocol")).doesNotExist();
        CommandLineRun certain = CommandLineRun.of(
                "annotate", "predict", annotator, others, "--threshold", 2, "--out", folder.resolve("certain.csv"));
        assertThat(certain.code()).isEqualTo(2);
        assertThat(certain.err()).contains("--threshold 2.0: is no probability");
    }

    @Test
    void aModelOfNoNumbersGivesNoEmbeddings() throws IOException {
        Path damaged = Files.createDirectories(folder.resolve("damaged"));
        for (String name : List.of("config.json", "genes.tsv", "provenance.json")) {
            Files.copy(model.resolve(name), damaged.resolve(name));
        }
        ByteBuffer weights = ByteBuffer.wrap(Files.readAllBytes(model.resolve("model.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 8 + (int) weights.getLong(0); at + 4 <= weights.capacity(); at += 4) {
            weights.putFloat(at, Float.NaN);
        }
        Files.write(damaged.resolve("model.safetensors"), weights.array());
        Path out = folder.resolve("no-numbers.h5ad");
        CommandLineRun refused = CommandLineRun.of("embed", damaged, others, "--out", out);
        assertThat(refused.code()).as(refused.err()).isEqualTo(2);
        assertThat(refused.err()).contains("others.h5ad (cell 1): the model gives it an embedding with NaN in it");
        assertThat(out).doesNotExist();
    }

    @Test
    void aModelAndAnAnnotatorAreToldApart() {
        CommandLineRun noLabels =
                CommandLineRun.of("annotate", "predict", model, others, "--out", folder.resolve("never.csv"));
        assertThat(noLabels.code()).isEqualTo(2);
        assertThat(noLabels.err()).contains("celllm annotate fit");
    }

    private static CommandLineRun run(Object... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }
}
