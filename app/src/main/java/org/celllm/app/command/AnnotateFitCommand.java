package org.celllm.app.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.tasks.annotate.AnnotatorFit;
import org.celllm.tasks.annotate.AnnotatorSettings;
import org.celllm.tasks.annotate.HeadSettings;
import org.celllm.tasks.annotate.LabelledCells;
import org.celllm.tasks.annotate.TunedFit;
import org.celllm.tasks.baselines.ClassWeights;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.evaluate.AnnotationEvaluation;
import org.celllm.tasks.finetune.FineTuneSettings;
import org.celllm.tasks.finetune.TrainedLayers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm annotate fit}: labelled cells become an annotator. */
@Command(
        name = "fit",
        mixinStandardHelpOptions = true,
        description = {
            "Fits an annotator on labelled cells, and scores it on held-out ones beside its baselines.",
            "Where labels are few (under 20 cells of the median class), the file's cells without a label are learned from too."
        },
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

    @Option(
            names = "--held-out",
            paramLabel = "SHARE",
            defaultValue = "0.2",
            description = "Share of the labelled cells that scores are measured on (default: ${DEFAULT-VALUE}).")
    double heldOut;

    @Option(
            names = "--splits",
            paramLabel = "N",
            description =
                    "Stratified splits that scores are measured on (default: 5; 1 where layers are trained, each split"
                            + " being a fine-tuning of its own).")
    @Nullable
    Integer splits;

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

    @Option(
            names = "--train",
            paramLabel = "head|last-layer|all",
            defaultValue = "head",
            description =
                    "head: classifiers on the frozen model's embedding and on the genes. last-layer: as published, the "
                            + "model's last layer with a classifier over its positions; all: likewise, but every layer"
                            + " (default: ${DEFAULT-VALUE}).")
    String train;

    @Option(
            names = "--class-weights",
            paramLabel = "none|balanced|published",
            description =
                    "What a cell counts: all the same; all classes the same; (1 - share of its class)^2 (default: none"
                            + " for the head, published for layers).")
    @Nullable
    String classWeights;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "30",
            description = "Passes over the cells at most, when layers are trained (default: ${DEFAULT-VALUE}).")
    int epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "32",
            description = "Cells a step, when layers are trained (default: ${DEFAULT-VALUE}).")
    int batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            defaultValue = "1e-4",
            description = "Of Adam, when layers are trained (default: ${DEFAULT-VALUE}).")
    double learningRate;

    @Option(
            names = "--hide",
            paramLabel = "SHARE",
            defaultValue = "0",
            description =
                    "Share of a cell's genes that a step leaves out, others each time, when layers are trained: steps are"
                            + " quicker; all genes are there when cells are named (default: ${DEFAULT-VALUE}).")
    double hide;

    @Mixin
    EmbeddingOptions embedding;

    @Mixin
    JsonOption json;

    AnnotateFitCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.freeFolder(FolderKind.ANNOTATOR);
        EmbedSettings embed = embedding.settings();
        TrainedLayers layers = layers();
        int scored = splits != null ? splits : layers == null ? 5 : 1;
        AnnotatorSettings settings = Checked.option(
                "--held-out, --splits, --most-cells",
                () -> new AnnotatorSettings(
                        embed, HeadSettings.usual(seed).with(weights(ClassWeights.NONE)), heldOut, scored, mostCells));
        if (layers != null) {
            FineTuneSettings tuning = Checked.option(
                    "--epochs, --batch, --learning-rate, --hide",
                    () -> FineTuneSettings.published(seed)
                            .with(layers)
                            .with(weights(ClassWeights.PUBLISHED))
                            .withEpochs(epochs)
                            .withBatch(batch)
                            .withLearningRate(learningRate)
                            .withHidden(hide));
            try (TunedFit fit = TunedFit.fit(model, file, label, settings, tuning, console.progress())) {
                fit.save(target);
                show(target, fit.cells(), fit.evaluation());
                json.write(fit.toJson());
            }
            return 0;
        }
        AnnotatorFit fit = AnnotatorFit.fit(model, file, label, settings, console.progress());
        fit.save(target);
        show(target, fit.cells(), fit.evaluation());
        ScoreTables.noteFewLabels(console, fit);
        json.write(fit.toJson());
        return 0;
    }

    /** Layers of the model that are trained, {@code null} for a head on the frozen model. */
    private @Nullable TrainedLayers layers() {
        return switch (train) {
            case "head" -> null;
            case "last-layer" -> TrainedLayers.LAST;
            case "all" -> TrainedLayers.ALL;
            default ->
                throw InputException.about("--train " + train)
                        .found("is no way to train")
                        .expected("head, last-layer or all")
                        .build();
        };
    }

    private ClassWeights weights(ClassWeights usual) {
        String word = classWeights;
        if (word == null) {
            return usual;
        }
        return switch (word) {
            case "none" -> ClassWeights.NONE;
            case "balanced" -> ClassWeights.BALANCED;
            case "published" -> ClassWeights.PUBLISHED;
            default ->
                throw InputException.about("--class-weights " + word)
                        .found("are no class weights")
                        .expected("none, balanced or published")
                        .build();
        };
    }

    private void show(Path target, LabelledCells cells, AnnotationEvaluation evaluation) {
        EmbedCommand.show(console, cells.reading());
        ScoreTables.show(console, evaluation);
        if (cells.left() > 0) {
            console.line("left out beyond --most-cells: " + Figures.whole(cells.left()) + " cells");
        }
        console.line("annotator: " + target);
    }
}
