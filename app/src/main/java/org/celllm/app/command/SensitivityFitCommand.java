package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.tasks.annotate.AnnotatorFit;
import org.celllm.tasks.annotate.AnnotatorSettings;
import org.celllm.tasks.annotate.LabelledCells;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.sensitivity.LabelBudget;
import org.celllm.tasks.sensitivity.SensitivityFit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm sensitivity fit}: labelled cells become a predictor of sensitivity. */
@Command(
        name = "fit",
        mixinStandardHelpOptions = true,
        description =
                "Fits a predictor of drug sensitivity on cells of which some are labelled, and scores it beside its"
                        + " baselines on cells whose labels it did not see.",
        footer = {
            "",
            "Example:  celllm sensitivity fit model cells.h5ad --label response --sensitive yes --out sensitivity",
            "By the cells' lines:  ... --line-column cell_line --responses ln_ic50.csv.gz --drug Erlotinib --threshold 1.5",
            "As if few labels were known:  ... --shots 5"
        })
final class SensitivityFitCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's folder.")
    Path model;

    @Parameters(index = "1", paramLabel = "FILE", description = "The cells; those without a label help too.")
    Path file;

    @Mixin
    SensitivityOptions labels;

    @Mixin
    OutputOption out;

    @Option(names = "--shots", paramLabel = "N", description = "Learn from N labelled cells a class, drawn at random.")
    @Nullable
    Integer shots;

    @Option(names = "--fraction", paramLabel = "F", description = "Learn from a share of the labels, such as 0.1.")
    @Nullable
    Double fraction;

    @Option(
            names = "--splits",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Draws, or splits into 80%% and 20%%, that scores are measured on (default: ${DEFAULT-VALUE}).")
    int splits;

    @Option(
            names = "--most-cells",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Cells used at most, a stratified sample beyond (default: ${DEFAULT-VALUE}).")
    int mostCells;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of draws and of the fit (default: ${DEFAULT-VALUE}).")
    long seed;

    @Mixin
    EmbeddingOptions embedding;

    @Mixin
    JsonOption json;

    SensitivityFitCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.freeFolder(FolderKind.ANNOTATOR);
        EmbedSettings embed = embedding.settings();
        AnnotatorSettings settings = Checked.option(
                "--splits, --most-cells",
                () -> new AnnotatorSettings(embed, AnnotatorSettings.usual(seed).head(), 0.2, splits, mostCells));
        LabelBudget budget = shots == null && fraction == null
                ? null
                : Checked.option("--shots, --fraction", () -> new LabelBudget(shots, fraction));
        LabelledCells cells = SensitivityFit.read(model, file, labels::of, null, settings, console.progress());
        AnnotatorFit fit = Checked.option(
                "--shots, --fraction", () -> SensitivityFit.fit(model, cells, budget, settings, console.progress()));
        fit.save(target);
        EmbedCommand.show(console, cells.reading());
        SensitivityTables.showLabels(console, cells.labels());
        SensitivityTables.noteValues(console, cells);
        SensitivityTables.show(console, fit.evaluation());
        if (cells.left() > 0) {
            console.line("left out beyond --most-cells: " + Figures.whole(cells.left()) + " cells");
        }
        ScoreTables.noteFewLabels(console, fit);
        console.line("predictor: " + target);
        ObjectNode figures = fit.toJson();
        labels.describe(figures);
        json.write(figures);
        return 0;
    }
}
