package org.celllm.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.IsotropyPage;
import org.celllm.data.files.SafeFiles;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.isotropy.ComparedModel;
import org.celllm.tasks.isotropy.IsotropyEvaluation;
import org.celllm.tasks.isotropy.IsotropyScores;
import org.celllm.tasks.isotropy.IsotropySettings;
import org.celllm.training.views.ViewSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm evaluate isotropy}: whether embeddings spread over the space or lie in a narrow cone. */
@Command(
        name = "isotropy",
        mixinStandardHelpOptions = true,
        description = "Measures how the embeddings of models spread, on the same cells and the same views, beside"
                + " log-normalised genes and an untrained network. Writes isotropy.json into --out.",
        footer = {
            "",
            "Example:  celllm evaluate isotropy model other-model --data cells.h5ad --out isotropy",
            "Its plots:  celllm report isotropy --out isotropy.html"
        })
final class EvaluateIsotropyCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(arity = "1..*", paramLabel = "MODEL", description = "The models' folders.")
    List<Path> models;

    @Option(names = "--data", required = true, paramLabel = "FILE", description = "The cells.")
    Path file;

    @Mixin
    OutputOption out;

    @Option(
            names = "--hide",
            paramLabel = "SHARE",
            description = "Share of a cell's genes that a view leaves out (default: ${DEFAULT-VALUE}).")
    double hide = ViewSettings.DEFAULT.hide();

    @Option(
            names = "--thin",
            paramLabel = "SHARE",
            description = "Least share of its counts that a view keeps (default: ${DEFAULT-VALUE}).")
    double thin = ViewSettings.DEFAULT.thin();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Seeds 1 to N, each with views of its own (default: ${DEFAULT-VALUE}).")
    int seeds;

    @Option(
            names = "--most-cells",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Cells used at most; of more, each seed draws its own (default: ${DEFAULT-VALUE}).")
    int mostCells;

    @Mixin
    EmbeddingOptions embedding;

    @Mixin
    JsonOption json;

    EvaluateIsotropyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.freeFolder(FolderKind.EVALUATION);
        IsotropySettings settings = Checked.option(
                "--seeds, --most-cells, --hide, --thin", () -> IsotropySettings.of(seeds, mostCells, hide, thin));
        EmbedSettings embed = embedding.settings();
        List<ComparedModel> compared = ComparedModel.of(models);
        ObjectNode figures;
        try (CellFile opened = CellFile.open(file, embed.values(), embed.identity())) {
            IsotropyScores scores = IsotropyEvaluation.run(compared, opened, embed, settings, console.progress());
            IsotropyTables.show(console, scores, file);
            figures = scores.toJson()
                    .put("file", file.toString())
                    .put("values", opened.choice().state().word())
                    .put("precision", embed.precision().word());
        }
        SafeFiles.folder(
                target,
                folder -> SafeFiles.text(
                        folder.resolve(IsotropyPage.FILE),
                        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n"));
        json.write(figures);
        console.line("isotropy: " + target + " (its plots: celllm report " + target + " --out isotropy.html)");
        return 0;
    }
}
