package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.Split;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden expression through the command line: a model that was trained, beside guesses that need none, on cells it never saw. */
class EvaluateExpressionTest {
    @TempDir
    static Path folder;

    private static Path cells;
    private static Path model;
    private static Path corpus;

    @BeforeAll
    static void train() {
        Path learned = folder.resolve("learned.h5ad");
        cells = folder.resolve("cells.h5ad");
        model = folder.resolve("model");
        corpus = folder.resolve("corpus");
        run("simulate", "--cells", 300, "--genes", 150, "--out", learned);
        run("simulate", "--cells", 80, "--genes", 150, "--seed", 2, "--out", cells);
        run("corpus", "build", learned, "--out", corpus);
        run("pretrain", corpus, "--steps", 60, "--batch", 32, "--threads", 2, "--out", model);
    }

    @Test
    void figuresAreShownWrittenAndDrawn() throws IOException {
        Path out = folder.resolve("guessed");
        Path json = folder.resolve("figures.json");
        CommandLineRun evaluated =
                run("evaluate", "expression", model, cells, cells, "--seeds", 2, "--out", out, "--json", json);
        assertThat(evaluated.out())
                .contains("80 cells", "15.0% of their expressed genes hidden", "2 seeds")
                .contains("gene and cell together", "gene's commonest bin", "cell's commonest bin", "ahead by")
                .contains("celllm report " + out);
        JsonNode figures =
                new ObjectMapper().readTree(out.resolve("evaluation.json").toFile());
        assertThat(new ObjectMapper().readTree(json.toFile())).isEqualTo(figures);
        JsonNode first = figures.path("files").path(0);
        assertThat(figures.path("files").path(1)).as("the same file again").isEqualTo(first);
        double ours = first.at("/methods/0/right/mean").asDouble();
        double file = first.at("/methods/4/right/mean").asDouble();
        assertThat(ours)
                .as("60 steps teach more than the commonest bin, seed 1")
                .isGreaterThan(file);
        assertThat(first.at("/methods/4/differenceFromFirst/mean").asDouble())
                .isEqualTo(ours - file, org.assertj.core.data.Offset.offset(1e-9));

        Path page = folder.resolve("guessed.html");
        run("report", out, "--out", page);
        assertThat(Files.readString(page)).contains("Hidden expression: guessed", "cells.h5ad", "bins right");
    }

    /** Only the cells that training keeps to validate with, and only of the corpus that was trained on. */
    @Test
    void cellsOfTheCorpusThatWereNotTrainedOnAreGuessedIn() throws IOException {
        Path out = folder.resolve("validated");
        CommandLineRun evaluated = run("evaluate", "expression", model, corpus, "--seeds", 1, "--out", out);
        long kept;
        long all;
        try (Corpus opened = Corpus.open(corpus)) {
            kept = opened.cells(Split.VALIDATION);
            all = opened.cells();
        }
        JsonNode files = new ObjectMapper()
                .readTree(out.resolve("evaluation.json").toFile())
                .path("files");
        assertThat(files).hasSize(1);
        assertThat(files.at("/0/cells").asLong()).isEqualTo(kept).isBetween(1L, 60L);
        assertThat(files.at("/0/fileCells").asLong()).isEqualTo(all);
        assertThat(evaluated.out()).contains(corpus + ", learned: " + kept + " of " + all + " cells");
        Path page = folder.resolve("validated.html");
        run("report", out, "--out", page);
        assertThat(Files.readString(page))
                .contains("\"title\":\"" + corpus.getFileName() + ", learned\"", corpus + ", learned · ");

        Path other = folder.resolve("other");
        run("corpus", "build", cells, "--out", other);
        CommandLineRun refused =
                CommandLineRun.of("evaluate", "expression", model, other, "--out", folder.resolve("none"));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("is not what " + model + " was trained on", "Give files of cells");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aWrongFileIsNamedBeforeAnythingIsGuessed() throws IOException {
        Path out = folder.resolve("nothing");
        Path wrong = Files.writeString(folder.resolve("wrong.h5ad"), "no cells");
        CommandLineRun refused = CommandLineRun.of("evaluate", "expression", model, cells, wrong, "--out", out);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("wrong.h5ad").doesNotContain("Guessing");
        assertThat(out).doesNotExist();
        assertThat(CommandLineRun.of("evaluate", "expression", model, cells, "--hide", 2, "--out", out)
                        .err())
                .contains("--hide");
    }

    private static CommandLineRun run(Object... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.code()).as("%s\n%s", run.out(), run.err()).isZero();
        return run;
    }
}
