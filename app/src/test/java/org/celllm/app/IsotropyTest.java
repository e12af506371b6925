package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a trained model to the plots of how its embeddings spread, through the command line alone. */
class IsotropyTest {
    @TempDir
    static Path folder;

    private static Path cells;
    private static Path model;

    @BeforeAll
    static void train() {
        cells = folder.resolve("cells.h5ad");
        model = folder.resolve("model");
        Path corpus = folder.resolve("corpus");
        run("simulate", "--cells", 80, "--genes", 200, "--out", cells);
        run("corpus", "build", cells, "--out", corpus);
        run("pretrain", corpus, "--steps", 1, "--batch", 8, "--out", model);
    }

    @Test
    void figuresAreShownWrittenAndDrawn() throws IOException {
        Path other = folder.resolve("other");
        Files.createDirectories(other);
        try (var files = Files.list(model)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, other.resolve(file.getFileName()));
            }
        }
        Path out = folder.resolve("isotropy");
        Path json = folder.resolve("figures.json");
        CommandLineRun evaluated =
                run("evaluate", "isotropy", model, other, "--data", cells, "--seeds", 2, "--out", out, "--json", json);
        assertThat(evaluated.out())
                .contains("80 cells", "2 seeds", "mean cosine", "effective rank", "uniformity")
                .contains("model", "other", "genes", "untrained")
                .contains("celllm report " + out + " --out isotropy.html");
        assertThat(evaluated.out()).doesNotContain("show different genes");

        JsonNode figures =
                new ObjectMapper().readTree(out.resolve("isotropy.json").toFile());
        assertThat(new ObjectMapper().readTree(json.toFile())).isEqualTo(figures);
        assertThat(figures.path("file").asText()).isEqualTo(cells.toString());
        JsonNode ours = figures.path("representations").path(0);
        JsonNode copy = figures.path("representations").path(1);
        assertThat(copy.path("figures"))
                .as("the same model sees the same cells and the same views")
                .isEqualTo(ours.path("figures"));
        assertThat(ours.path("path").asText()).isEqualTo(model.toString());
        assertThat(ours.path("spectrum")).hasSize(ours.path("dim").asInt());

        Path page = folder.resolve("isotropy.html");
        run("report", out, "--out", page);
        String cosine = String.format(
                Locale.ROOT, "%.3f", ours.at("/figures/meanCosine/mean").asDouble());
        assertThat(Files.readString(page)).contains("Isotropy of model, other", "\"" + cosine + "\"", "untrained");
        Path again = folder.resolve("again.html");
        run("report", json, "--out", again);
        assertThat(again).exists();
    }

    @Test
    void whatExistsIsNotWrittenOverUnasked() throws IOException {
        Path out = Files.createDirectories(folder.resolve("taken"));
        CommandLineRun refused = CommandLineRun.of("evaluate", "isotropy", model, "--data", cells, "--out", out);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("--force");
        run(
                "evaluate",
                "isotropy",
                model,
                "--data",
                cells,
                "--seeds",
                1,
                "--most-cells",
                20,
                "--out",
                out,
                "--force",
                "--pool",
                "mean");
        assertThat(out.resolve("isotropy.json")).exists();
    }

    @Test
    void aWrongModelOrFileIsNamedBeforeAnythingIsMeasured() {
        Path out = folder.resolve("nothing");
        for (Object[] wrong : new Object[][] {
            {model, folder.resolve("no model"), "--data", cells},
            {model, "--data", folder.resolve("no cells.h5ad")},
            {model, model, "--data", cells}
        }) {
            Object[] arguments = new Object[wrong.length + 4];
            arguments[0] = "evaluate";
            arguments[1] = "isotropy";
            System.arraycopy(wrong, 0, arguments, 2, wrong.length);
            arguments[wrong.length + 2] = "--out";
            arguments[wrong.length + 3] = out;
            CommandLineRun refused = CommandLineRun.of(arguments);
            assertThat(refused.code()).as(refused.err()).isEqualTo(2);
            assertThat(refused.err()).contains("celllm: error: ").doesNotContain("Measuring");
            assertThat(out).doesNotExist();
        }
    }

    private static CommandLineRun run(Object... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }
}
