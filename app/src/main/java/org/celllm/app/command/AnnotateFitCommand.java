package org.celllm.app.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.tasks.annotate.AnnotatorFit;
import org.celllm.tasks.annotate.AnnotatorSettings;
import org.celllm.tasks.embed.EmbedSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm annotate fit}: labelled cells become an annotator. */
@Command(
        name = "fit",
        mixinStandardHelpOptions = true,
        description = "Fits an annotator on labelled cells, and scores it on held-out ones beside its baselines.",
        footer = {"", "Example:  celllm annotate fit model labelled.h5ad --label cell_type --out annotator"})
final class AnnotateFitCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's folder.")
    Path model;

    @Parameters(index = "1", paramLabel = "FILE", description = "The labelled cells.")
    Path file;

    @Option(names = "--label", required = true, paramLabel = "COLUMN", description = "Column of obs with the labels.")
    String label;

    @Mixin
    OutputOption out;

    @Mixin
    PoolOption pool;

    @Option(
            names = "--held-out",
            paramLabel = "SHARE",
            defaultValue = "0.2",
            description = "Share of the labelled cells that scores are measured on (default: ${DEFAULT-VALUE}).")
    double heldOut;

    @Option(
            names = "--splits",
            paramLabel = "N",
            defaultValue = "5",
            description = "Stratified splits that scores are measured on (default: ${DEFAULT-VALUE}).")
    int splits;

    @Option(
            names = "--most-cells",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Labelled cells used at most, a stratified sample beyond (default: ${DEFAULT-VALUE}).")
    int mostCells;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the fit (default: ${DEFAULT-VALUE}).")
    long seed;

    @Mixin
    ReadingOptions reading;

    @Mixin
    ComputeOptions compute;

    @Mixin
    JsonOption json;

    AnnotateFitCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.free();
        EmbedSettings embed = new EmbedSettings(
                pool.pooling(),
                reading.valuesOption(),
                compute.checkedPrecision(),
                reading.identity(),
                compute.threads);
        AnnotatorSettings settings = Checked.option(
                "--held-out, --splits, --most-cells",
                () -> new AnnotatorSettings(embed, AnnotatorSettings.usual(seed).head(), heldOut, splits, mostCells));
        AnnotatorFit fit = AnnotatorFit.fit(model, file, label, settings, console.progress());
        fit.save(target);
        EmbedCommand.show(console, fit.cells().reading());
        ScoreTables.show(console, fit.evaluation());
        if (fit.cells().left() > 0) {
            console.line(
                    "left out beyond --most-cells: " + Figures.whole(fit.cells().left()) + " cells");
        }
        console.line("annotator: " + target);
        json.write(fit.toJson());
        return 0;
    }
}
