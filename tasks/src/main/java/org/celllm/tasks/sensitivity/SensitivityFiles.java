package org.celllm.tasks.sensitivity;

import java.io.IOException;
import java.nio.file.Path;
import org.celllm.data.InputException;
import org.celllm.tasks.annotate.Annotator;
import org.celllm.tasks.annotate.CellCalls;
import org.celllm.tasks.annotate.FilePredictions;
import org.celllm.tasks.annotate.PredictionFiles;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.pieces.CellRun;

/** Predicts the sensitivity of files' cells into files: {@code celllm sensitivity predict}. */
public final class SensitivityFiles {
    /** The column of probabilities of being sensitive. */
    public static final String SENSITIVITY = "celllm_sensitivity";
    /** The column of labels: {@code sensitive}, {@code resistant}, and {@code unassigned} of cells that say nothing. */
    public static final String LABEL = "celllm_sensitivity_label";

    private SensitivityFiles() {}

    /**
     * Opens a predictor that {@link SensitivityFit} saved.
     *
     * @throws InputException when the folder is none, or an annotator of something else
     */
    public static Annotator open(Path folder, EmbedSettings settings) throws IOException {
        Annotator annotator = Annotator.open(folder, settings);
        if (!annotator.labels().equals(SensitivityLabels.NAMES)) {
            annotator.close();
            throw InputException.about(folder)
                    .found("gives cells the labels " + String.join(", ", annotator.labels()))
                    .expected(String.join(", ", SensitivityLabels.NAMES))
                    .remedy("Fit one with `celllm sensitivity fit`, or use this one with `celllm annotate predict`")
                    .build();
        }
        return annotator;
    }

    /**
     * Predicts the cells of {@code in} and writes {@code out}: {@code .csv} with the header {@code
     * cell,label,sensitivity}, or {@code .h5ad}, a copy of {@code in} with {@link #SENSITIVITY} and {@link #LABEL}. In
     * memory and in a run as of {@link PredictionFiles}.
     *
     * @param threshold probability from which on a cell is called sensitive
     * @throws InputException when {@code in} cannot be used, {@code out} is neither, or a run that is to go on depended on something else
     */
    public static FilePredictions predictFile(Annotator predictor, Path in, Path out, double threshold, CellRun run)
            throws IOException {
        CellCalls calls = CellCalls.ofOne(
                SensitivityLabels.SENSITIVE, threshold, "sensitivities", LABEL, SENSITIVITY, "cell,label,sensitivity");
        return PredictionFiles.callFile(predictor, in, out, calls, run);
    }
}
