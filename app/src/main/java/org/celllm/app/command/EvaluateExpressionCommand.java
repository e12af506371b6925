package org.celllm.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.ExpressionPage;
import org.celllm.data.files.SafeFiles;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.expression.ExpressionScores;
import org.celllm.tasks.expression.HiddenExpression;
import org.celllm.tasks.expression.HiddenSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm evaluate expression}: is hidden expression guessed, in cells that were not trained on. */
@Command(
        name = "expression",
        mixinStandardHelpOptions = true,
        description =
                "Hides the expression of some genes of each cell and has the model guess its bin from the other genes,"
                        + " beside what the gene, the cell and the file tell without a model. Give it cells that the model was not trained on."
                        + " Writes evaluation.json into --out.",
        footer = {
            "",
            "Example:  celllm evaluate expression model blood.h5ad lung.h5ad --out guessed",
            "Its page:  celllm report guessed --out guessed.html"
        })
final class EvaluateExpressionCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's folder.")
    Path model;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "FILE", description = "Files of cells.")
    List<Path> files;

    @Mixin
    OutputOption out;

    @Option(
            names = "--hide",
            paramLabel = "SHARE",
            defaultValue = "0.15",
            description = "Share of a cell's expressed genes that is hidden (default: ${DEFAULT-VALUE}, as published).")
    double hide;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Seeds 1 to N, each hides genes of its own (default: ${DEFAULT-VALUE}).")
    int seeds;

    @Option(
            names = "--most-cells",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Cells of a file used at most, a sample beyond (default: ${DEFAULT-VALUE}).")
    int mostCells;

    @Mixin
    ReadingOptions reading;

    @Mixin
    ComputeOptions compute;

    @Mixin
    JsonOption json;

    EvaluateExpressionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.free();
        HiddenSettings settings =
                Checked.option("--hide, --seeds, --most-cells", () -> new HiddenSettings(hide, seeds, mostCells));
        EmbedSettings embed = compute.settings(reading);
        List<ExpressionScores> scores = new ArrayList<>();
        List<String> values = new ArrayList<>();
        try (CellEmbedder embedder = CellEmbedder.open(model, embed)) {
            // All are opened before the first is guessed: minutes of work should not end in a typing mistake.
            for (Path file : files) {
                try (CellFile opened = CellFile.open(file, embed.values(), embed.identity())) {
                    opened.map(embedder.genes());
                    values.add(opened.choice().state().word());
                }
            }
            for (Path file : files) {
                try (CellFile opened = CellFile.open(file, embed.values(), embed.identity())) {
                    scores.add(HiddenExpression.run(embedder, opened, settings, console.progress()));
                }
            }
        }
        ExpressionTables.show(console, scores, settings);
        ObjectNode figures = figures(scores, values, settings, embed.precision().word());
        SafeFiles.folder(
                target,
                folder -> SafeFiles.text(
                        folder.resolve("evaluation.json"),
                        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n"));
        json.write(figures);
        console.line("expression: " + target + " (its page: celllm report " + target + " --out expression.html)");
        return 0;
    }

    private ObjectNode figures(
            List<ExpressionScores> scores, List<String> values, HiddenSettings settings, String precision) {
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        figures.put("evaluation", ExpressionPage.EVALUATION)
                .put("model", model.toString())
                .put("hidden", settings.share())
                .put("seeds", settings.seeds())
                .put("precision", precision);
        ArrayNode each = figures.putArray("files");
        for (int i = 0; i < scores.size(); i++) {
            each.add(scores.get(i).toJson().put("values", values.get(i)));
        }
        return figures;
    }
}
