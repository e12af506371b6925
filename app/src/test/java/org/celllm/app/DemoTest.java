package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way, once, by the verbs that users type. */
class DemoTest {
    @TempDir
    static Path folder;

    @Test
    void goesTheWholeWayAndEveryStageLeavesWhatTheNextOneNeeds() throws Exception {
        Path out = folder.resolve("a demo");
        CommandLineRun run =
                CommandLineRun.of("demo", "--cells", 240, "--steps", 2, "--threads", 1, "--memory", "4g", "--out", out);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .last()
                .isEqualTo(out.resolve("report.html").toString());
        assertThat(run.out())
                .contains("logistic regression, genes")
                .contains("majority class")
                .contains("macro-F1");
        assertThat(out.resolve("report.html")).isNotEmptyFile();
        embeddingsStandBesideWhatWasThere(out);
        newCellsAreLabelled(out);
        theReportShowsTraining(out);
        existingResultsAreNotReplacedUnasked(out);
        resumingARunThatIsDoneIsRefused(out);
        modelsHaveCards(out);
    }

    private static void modelsHaveCards(Path out) throws Exception {
        String model = Files.readString(out.resolve("model/MODEL_CARD.md"));
        assertThat(model).contains("## Data", "| cells", "## Size", "masked expression told right", "## Limits");
        assertThat(Files.readString(out.resolve("annotator/model/MODEL_CARD.md")))
                .isEqualTo(model);
        assertThat(Files.readString(out.resolve("annotator/MODEL_CARD.md")))
                .contains("| logistic regression, genes | 0.", "| label | cells |", "stays unassigned");
    }

    private static void embeddingsStandBesideWhatWasThere(Path out) throws Exception {
        assertThat(columns(out.resolve("embedded.h5ad")))
                .containsAll(columns(out.resolve("cells.h5ad")))
                .contains("celllm_mapped_fraction");
    }

    private static void newCellsAreLabelled(Path out) throws Exception {
        assertThat(columns(out.resolve("new-donors-labelled.h5ad"))).contains("celllm_label", "celllm_probability");
        Path csv = out.resolve("labels.csv");
        CommandLineRun run = CommandLineRun.of(
                "annotate", "predict", out.resolve("annotator"), out.resolve("new-donors.h5ad"), "--out", csv);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(Files.readAllLines(csv)).hasSize(101).first().isEqualTo("cell,label,probability");
    }

    private static void theReportShowsTraining(Path out) throws Exception {
        Path json = out.resolve("report.json");
        CommandLineRun run =
                CommandLineRun.of("report", out.resolve("model"), "--out", out.resolve("model.html"), "--json", json);
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode figures = new ObjectMapper().readTree(json.toFile());
        assertThat(figures.path("bytes").asLong()).isEqualTo(Files.size(out.resolve("model.html")));
        assertThat(Files.readString(out.resolve("model.html")))
                .contains("Masked expression")
                .contains("disease");
        assertThat(Files.readString(out.resolve("report.html")))
                .contains("Held-out cells")
                .contains("UMAP of the");
    }

    private static void existingResultsAreNotReplacedUnasked(Path out) {
        for (List<Object> verb : List.<List<Object>>of(
                List.of("demo", "--out", out),
                List.of("simulate", "--cells", 50, "--out", out.resolve("cells.h5ad")),
                List.of("corpus", "build", out.resolve("cells.h5ad"), "--out", out.resolve("corpus")),
                List.of("pretrain", out.resolve("corpus"), "--out", out.resolve("model")),
                List.of(
                        "embed",
                        out.resolve("model"),
                        out.resolve("cells.h5ad"),
                        "--out",
                        out.resolve("embedded.h5ad")),
                List.of(
                        "annotate",
                        "fit",
                        out.resolve("model"),
                        out.resolve("cells.h5ad"),
                        "--label",
                        "cell_type",
                        "--out",
                        out.resolve("annotator")),
                List.of("report", out.resolve("model"), "--out", out.resolve("report.html")))) {
            CommandLineRun run = CommandLineRun.of(verb.toArray());
            assertThat(run.code()).as(verb.toString()).isEqualTo(2);
            assertThat(run.err()).as(verb.toString()).contains("exists already").contains("--force");
        }
        CommandLineRun onto = CommandLineRun.of(
                "embed",
                out.resolve("model"),
                out.resolve("cells.h5ad"),
                "--out",
                out.resolve("cells.h5ad"),
                "--force");
        assertThat(onto.code()).isEqualTo(2);
        assertThat(onto.err()).contains("the input itself");
    }

    private static void resumingARunThatIsDoneIsRefused(Path out) {
        CommandLineRun run = CommandLineRun.of(
                "pretrain",
                out.resolve("corpus"),
                "--out",
                out.resolve("model"),
                "--resume",
                "--threads",
                1,
                "--memory",
                "4g",
                "--batch",
                120,
                "--steps",
                2);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines().filter(line -> line.startsWith("celllm: error: ")))
                .hasSize(1);
    }

    private static Iterable<String> columns(Path file) throws Exception {
        try (ExpressionFile open = ExpressionFiles.open(file)) {
            AnnotationTable cells = open.cells();
            return List.copyOf(cells.columns().keySet());
        }
    }
}
