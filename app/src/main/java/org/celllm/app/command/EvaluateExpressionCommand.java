package org.celllm.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.ExpressionPage;
import org.celllm.data.corpus.Corpus;
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
                        + " beside what the gene, the cell and the file tell without a model. Give it cells that the model was not trained on; of the corpus that it was trained on,"
                        + " those are used that training keeps to validate with, source by source."
                        + " Writes evaluation.json into --out.",
        footer = {
            "",
            "Example:  celllm evaluate expression model blood.h5ad lung.h5ad --out guessed",
            "Source by source:  celllm evaluate expression model corpus --out guessed",
            "Its page:  celllm report guessed --out guessed.html"
        })
final class EvaluateExpressionCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's folder.")
    Path model;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE|CORPUS",
            description = "Files of cells, or the corpus that the model was trained on.")
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
        Path target = out.freeFolder(FolderKind.EVALUATION);
        HiddenSettings settings =
                Checked.option("--hide, --seeds, --most-cells", () -> new HiddenSettings(hide, seeds, mostCells));
        EmbedSettings embed = compute.settings(reading);
        List<ExpressionScores> scores = new ArrayList<>();
        List<String> values = new ArrayList<>();
        try (CellEmbedder embedder = CellEmbedder.open(model, embed)) {
            // All are opened before the first is guessed: minutes of work should not end in a typing mistake.
            for (Path path : files) {
                check(path, embedder, embed);
            }
            for (Path path : files) {
                score(path, embedder, embed, settings, scores, values);
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

    private void check(Path path, CellEmbedder embedder, EmbedSettings embed) throws IOException {
        if (isCorpus(path)) {
            try (Corpus corpus = Corpus.open(path)) {
                HiddenExpression.requireTrainedOn(model, corpus);
            }
        } else {
            try (CellFile opened = CellFile.open(path, embed.values(), embed.identity())) {
                opened.map(embedder.genes());
            }
        }
    }

    /** Scores a file or each source of a corpus, and adds the scores and how the values were read. */
    private void score(
            Path path,
            CellEmbedder embedder,
            EmbedSettings embed,
            HiddenSettings settings,
            List<ExpressionScores> scores,
            List<String> values)
            throws IOException {
        if (isCorpus(path)) {
            try (Corpus corpus = Corpus.open(path)) {
                scores.addAll(HiddenExpression.run(embedder, model, corpus, settings, console.progress()));
            }
            while (values.size() < scores.size()) {
                values.add("as in the corpus");
            }
        } else {
            try (CellFile opened = CellFile.open(path, embed.values(), embed.identity())) {
                values.add(opened.choice().state().word());
                scores.add(HiddenExpression.run(embedder, opened, settings, console.progress()));
            }
        }
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

    private static boolean isCorpus(Path path) {
        return Files.exists(path) && CellsToTrainOn.isCorpus(path);
    }
}
