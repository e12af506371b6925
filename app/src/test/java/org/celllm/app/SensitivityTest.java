package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.files.Sha256;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.tokens.ValuesOption;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.labels.CellLabels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From labelled cells to sensitivities of other cells, through the command line alone: one cell type is sensitive. */
class SensitivityTest {
    @TempDir
    static Path folder;

    private static Path cells;
    private static Path others;
    private static Path model;
    private static String sensitive;
    private static Path responses;
    private static Path lines;

    @BeforeAll
    static void simulate() throws IOException {
        cells = folder.resolve("cells.h5ad");
        others = folder.resolve("others.h5ad");
        model = folder.resolve("model");
        Path corpus = folder.resolve("corpus");
        run("simulate", "--cells", 150, "--genes", 300, "--types", 3, "--depth", 100_000, "--out", cells);
        run("simulate", "--cells", 80, "--genes", 300, "--types", 3, "--depth", 100_000, "--seed", 7, "--out", others);
        run("corpus", "build", cells, "--out", corpus);
        run("pretrain", corpus, "--steps", 1, "--batch", 8, "--out", model);
        List<String> types = types(cells).stream().distinct().sorted().toList();
        sensitive = types.get(types.size() - 1);
        StringBuilder table = new StringBuilder("drug_name,DepMap_ID,ln_IC50\n");
        StringBuilder names = new StringBuilder("name,line\n");
        for (int t = 0; t < types.size(); t++) {
            table.append("Erlotinib,L")
                    .append(t)
                    .append(',')
                    .append(types.get(t).equals(sensitive) ? -2.5 : 3)
                    .append('\n');
            names.append(types.get(t)).append(",L").append(t).append('\n');
        }
        responses = Files.writeString(folder.resolve("responses.csv"), table);
        lines = Files.writeString(folder.resolve("lines.csv"), names);
    }

    @Test
    void fittedOnFewLabelsItFindsTheSensitiveCellsOfAnotherFile() throws IOException {
        Path predictor = folder.resolve("predictor");
        Path json = folder.resolve("fit.json");
        CommandLineRun fitted = run(
                "sensitivity",
                "fit",
                model,
                cells,
                "--label",
                "cell_type",
                "--sensitive",
                sensitive,
                "--shots",
                5,
                "--splits",
                3,
                "--out",
                predictor,
                "--json",
                json);
        assertThat(fitted.out())
                .contains("5 cells a class × 3 draws", "AUROC", "average precision")
                .contains("logistic regression, 15 components", "majority class", "predictor: " + predictor)
                .contains("labels are few: ");
        assertThat(new ObjectMapper().readTree(json.toFile()).path("sensitive").asText())
                .isEqualTo(sensitive);
        assertThat(Files.readString(predictor.resolve("MODEL_CARD.md")))
                .as("of all labels the budget's alone")
                .contains("; fitted on 10 labelled ones", "| spread");

        Path csv = folder.resolve("predicted.csv");
        CommandLineRun predicted = run("sensitivity", "predict", predictor, others, "--out", csv);
        assertThat(predicted.out()).contains("sensitive", "resistant", "sensitivities: " + csv);
        List<String> rows = Files.readAllLines(csv);
        assertThat(rows).hasSize(81).first().isEqualTo("cell,label,sensitivity");
        List<String> truth = types(others);
        int right = 0;
        for (int i = 0; i < truth.size(); i++) {
            String[] row = rows.get(i + 1).split(",", -1);
            double chance = Double.parseDouble(row[2]);
            assertThat(row[1]).isEqualTo(chance >= 0.5 ? "sensitive" : "resistant");
            right += row[1].equals("sensitive") == truth.get(i).equals(sensitive) ? 1 : 0;
        }
        assertThat(right).as("of 80 cells of other donors").isGreaterThan(68);

        StringBuilder table = new StringBuilder("gene,nothing,something\n");
        List<String> genes = Files.readAllLines(model.resolve("genes.tsv"));
        for (int g = 1; g < genes.size(); g++) {
            table.append(genes.get(g)).append(",0,").append(g % 5).append('\n');
        }
        Path blank = Files.writeString(folder.resolve("blank.csv"), table);
        for (String ending : List.of(".csv", ".h5ad")) {
            CommandLineRun said = run(
                    "sensitivity", "predict", predictor, blank, "--out", folder.resolve("blank-predicted" + ending));
            assertThat(said.err()).contains("1 cell expresses none of the genes");
        }
        assertThat(Files.readAllLines(folder.resolve("blank-predicted.csv")).get(1))
                .isEqualTo("nothing,unassigned,0.500000");
        assertThat(obs(folder.resolve("blank-predicted.h5ad"))
                        .columns()
                        .get("celllm_sensitivity_label")
                        .text(0))
                .isEqualTo("unassigned");

        Path copy = folder.resolve("predicted.h5ad");
        run("sensitivity", "predict", predictor, others, "--threshold", 0, "--out", copy);
        AnnotationTable obs = obs(copy);
        assertThat(obs.columns()).containsKeys("cell_type", "celllm_sensitivity", "celllm_sensitivity_label");
        for (int i = 0; i < obs.size(); i++) {
            assertThat(obs.column("celllm_sensitivity_label").text(i)).isEqualTo("sensitive");
            assertThat(Double.parseDouble(obs.column("celllm_sensitivity").text(i)))
                    .isBetween(0.0, 1.0);
        }
        assertThat(CommandLineRun.of("report", predictor, "--out", folder.resolve("fit.html"))
                        .code())
                .isZero();
    }

    @Test
    void whatCannotBeScoredIsToldBeforeCellsAreEmbedded() {
        Path out = folder.resolve("no scores");
        for (Object[] wrong : new Object[][] {
            {"--leave-out", "nope"}, {"--shots", 500}, {"--test", cells}, {"--test", others, "--shots", 500}
        }) {
            CommandLineRun run = CommandLineRun.of(evaluate(out, wrong));
            assertThat(run.code()).as("%s: %s", wrong[0], run.err()).isEqualTo(2);
            assertThat(run.err()).doesNotContain("Embedding");
        }
        assertThat(out).doesNotExist();
    }

    @Test
    void evaluationsAreShownWrittenAndTheSameAgain() throws IOException {
        Path out = folder.resolve("scores");
        CommandLineRun run = run(evaluate(out, "--shots", "1,5", "--draws", 2));
        assertThat(run.out())
                .contains("1 cell a class × 2 draws", "5 cells a class × 2 draws", "model without its embedding")
                .contains("ridge, 2,000 genes", "evaluation: " + out);
        JsonNode figures =
                new ObjectMapper().readTree(out.resolve("evaluation.json").toFile());
        assertThat(figures.path("drug").asText()).isEqualTo("Erlotinib");
        assertThat(figures.path("evaluations")).hasSize(2);
        String hash = figures.path("splitsSha256").asText();
        assertThat(hash).isEqualTo(Sha256.of(out.resolve("splits.tsv")));
        assertThat(run.out()).contains(hash);
        Path page = folder.resolve("scores.html");
        run("report", out, "--out", page);
        assertThat(Files.readString(page))
                .contains("Drug sensitivity: scores", "5 cells a class × 2 draws", "average precision");
        Path again = folder.resolve("again");
        run(evaluate(again, "--shots", "1,5", "--draws", 2));
        JsonNode second =
                new ObjectMapper().readTree(again.resolve("evaluation.json").toFile());
        assertThat(second.path("splitsSha256").asText()).isEqualTo(hash);
        assertThat(second.at("/evaluations/0/methods/0/macroF1ByTrial"))
                .isEqualTo(figures.at("/evaluations/0/methods/0/macroF1ByTrial"));
    }

    @Test
    void aLineLeftOutSaysWhatItCannotMeasure() {
        CommandLineRun run = run(evaluate(folder.resolve("left"), "--leave-out", "cell_type"));
        assertThat(run.out())
                .contains("one cell_type left out", "right calls")
                .contains("without " + sensitive + ", every training cell is resistant");
    }

    @Test
    void anotherFileIsTestedOn() throws IOException {
        Path out = folder.resolve("transfer");
        CommandLineRun run = run(evaluate(out, "--test", others));
        assertThat(run.out()).contains("all labels of one file, tested on the other");
        JsonNode figures =
                new ObjectMapper().readTree(out.resolve("evaluation.json").toFile());
        assertThat(figures.at("/evaluations/0/methods/0/auroc/mean").asDouble()).isGreaterThan(0.9);
        assertThat(Files.readAllLines(out.resolve("splits.tsv"))).hasSize(1 + 150 + 80);
    }

    @Test
    void whatCannotBeUsedIsOneLineWithTheRemedy() throws IOException {
        Path out = folder.resolve("none");
        refused(out, "neither is given", "--out", out);
        refused(out, "only", "--label", "cell_type", "--sensitive", sensitive, "--shots", 1000, "--out", out);
        refused(out, "no cell has \"zebra\"", "--label", "cell_type", "--sensitive", "zebra", "--out", out);
        refused(
                out,
                "no drug \"Aspirin\"",
                "--line-column",
                "cell_type",
                "--responses",
                responses,
                "--drug",
                "Aspirin",
                "--threshold",
                0,
                "--out",
                out);
        refused(
                out,
                "--lines",
                "--line-column",
                "cell_type",
                "--responses",
                responses,
                "--drug",
                "Erlotinib",
                "--threshold",
                0,
                "--out",
                out);
        refused(
                out,
                "every labelled cell is resistant",
                "--line-column",
                "cell_type",
                "--responses",
                responses,
                "--drug",
                "Erlotinib",
                "--threshold",
                -9,
                "--lines",
                lines,
                "--out",
                out);
        Path annotator = folder.resolve("annotator");
        run("annotate", "fit", model, cells, "--label", "cell_type", "--splits", 1, "--out", annotator);
        CommandLineRun other =
                CommandLineRun.of("sensitivity", "predict", annotator, others, "--out", folder.resolve("x.csv"));
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("celllm sensitivity fit");
    }

    private static void refused(Path out, String message, Object... options) {
        List<Object> arguments = new ArrayList<>(List.of("sensitivity", "fit", model, cells));
        arguments.addAll(List.of(options));
        CommandLineRun run = CommandLineRun.of(arguments.toArray());
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(message);
        assertThat(out).doesNotExist();
    }

    private static Object[] evaluate(Path out, Object... options) {
        List<Object> arguments = new ArrayList<>(List.of(
                "evaluate",
                "sensitivity",
                model,
                "--data",
                cells,
                "--line-column",
                "cell_type",
                "--responses",
                responses,
                "--drug",
                "Erlotinib",
                "--threshold",
                "1.5",
                "--lines",
                lines,
                "--out",
                out));
        arguments.addAll(List.of(options));
        return arguments.toArray();
    }

    private static List<String> types(Path file) throws IOException {
        AnnotationTable obs = obs(file);
        CellLabels labels = CellLabels.read(file, obs, "cell_type");
        List<String> types = new ArrayList<>();
        for (int code : labels.codes()) {
            types.add(labels.names().get(code));
        }
        return types;
    }

    private static AnnotationTable obs(Path file) throws IOException {
        try (CellFile opened = CellFile.open(file, ValuesOption.AUTO, GeneIdentity.plain())) {
            return opened.cells();
        }
    }

    private static CommandLineRun run(Object... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }
}
