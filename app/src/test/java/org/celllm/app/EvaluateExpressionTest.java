package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden expression through the command line: a model that was trained, beside guesses that need none, on cells it never saw. */
class EvaluateExpressionTest {
    @TempDir
    static Path folder;

    private static Path cells;
    private static Path model;

    @BeforeAll
    static void train() {
        Path learned = folder.resolve("learned.h5ad");
        cells = folder.resolve("cells.h5ad");
        model = folder.resolve("model");
        Path corpus = folder.resolve("corpus");
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
