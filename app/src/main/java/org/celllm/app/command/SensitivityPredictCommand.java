package org.celllm.app.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.tasks.annotate.Annotator;
import org.celllm.tasks.annotate.FilePredictions;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.sensitivity.SensitivityFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm sensitivity predict}: which cells of a file the drug kills. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description =
                "Predicts the sensitivity of cells: a copy of the file with obs celllm_sensitivity (the probability)"
                        + " and celllm_sensitivity_label, or a csv with the header cell,label,sensitivity.",
        footer = {"", "Example:  celllm sensitivity predict sensitivity cells.h5ad --out predicted.h5ad"})
final class SensitivityPredictCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "PREDICTOR", description = "A folder that sensitivity fit made.")
    Path predictor;

    @Parameters(index = "1", paramLabel = "FILE", description = "The cells.")
    Path file;

    @Mixin
    OutputOption out;

    @Option(
            names = "--threshold",
            paramLabel = "P",
            defaultValue = "0.5",
            description = "Probability from which on a cell is called sensitive (default: ${DEFAULT-VALUE}).")
    double threshold;

    @Mixin
    ReadingOptions reading;

    @Mixin
    ComputeOptions compute;

    @Mixin
    ResumeOption resume;

    @Mixin
    JsonOption json;

    SensitivityPredictCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        PredictionTables.checkThreshold(threshold);
        Path target = out.freeFile();
        EmbedSettings settings = compute.settings(reading);
        try (Annotator opened = SensitivityFiles.open(predictor, settings)) {
            FilePredictions predictions =
                    SensitivityFiles.predictFile(opened, file, target, threshold, resume.run(console));
            PredictionTables.show(console, predictions);
            console.line("sensitivities: " + target);
            json.write(PredictionTables.figures(target, threshold, predictions));
        }
        return 0;
    }
}
