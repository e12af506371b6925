package org.celllm.app.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.tasks.annotate.Annotator;
import org.celllm.tasks.annotate.FilePredictions;
import org.celllm.tasks.annotate.PredictionFiles;
import org.celllm.tasks.embed.EmbedSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm annotate predict}: an annotator labels cells. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description =
                "Labels the cells of a file: a copy with obs celllm_label and celllm_probability, or a csv with the"
                        + " header cell,label,probability.",
        footer = {"", "Example:  celllm annotate predict annotator cells.h5ad --out labelled.h5ad"})
final class AnnotatePredictCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "ANNOTATOR", description = "A folder that annotate fit made.")
    Path annotator;

    @Parameters(index = "1", paramLabel = "FILE", description = "The cells.")
    Path file;

    @Mixin
    OutputOption out;

    @Option(
            names = "--threshold",
            paramLabel = "P",
            defaultValue = "0.5",
            description = "Cells whose likeliest label is less probable stay unassigned (default: ${DEFAULT-VALUE}).")
    double threshold;

    @Mixin
    ReadingOptions reading;

    @Mixin
    ComputeOptions compute;

    @Mixin
    ResumeOption resume;

    @Mixin
    JsonOption json;

    AnnotatePredictCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        PredictionTables.checkThreshold(threshold);
        Path target = out.freeFile();
        EmbedSettings settings = compute.settings(reading);
        try (Annotator opened = Annotator.open(annotator, settings)) {
            FilePredictions predictions =
                    PredictionFiles.predictFile(opened, file, target, threshold, resume.run(console));
            PredictionTables.show(console, predictions);
            console.line("labels: " + target);
            json.write(PredictionTables.figures(target, threshold, predictions));
        }
        return 0;
    }
}
