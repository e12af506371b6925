package org.celllm.tasks.sensitivity;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.matrix.Column;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.annotate.Annotator;
import org.celllm.tasks.annotate.Predictions;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EnrichedFile;

/** Predicts the sensitivity of files' cells into files: {@code celllm sensitivity predict}. */
public final class SensitivityFiles {
    /** The column of probabilities of being sensitive. */
    public static final String SENSITIVITY = "celllm_sensitivity";
    /** The column of labels, {@code sensitive} or {@code resistant}. */
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
     * cell,label,sensitivity}, or {@code .h5ad}, a copy of {@code in} with {@link #SENSITIVITY} and {@link #LABEL}.
     *
     * @param threshold probability from which on a cell is called sensitive
     * @return codes and the probabilities of being sensitive
     * @throws InputException when {@code in} cannot be used, or {@code out} is neither
     */
    public static Predictions predict(
            Annotator annotator, EmbedSettings settings, Path in, Path out, double threshold, Progress progress)
            throws IOException {
        boolean csv = isCsv(out);
        Predictions likeliest = annotator.predict(in, 0, progress);
        int[] codes = new int[likeliest.codes().length];
        float[] chances = new float[codes.length];
        for (int i = 0; i < codes.length; i++) {
            float own = likeliest.probabilities()[i];
            chances[i] = likeliest.codes()[i] == SensitivityLabels.SENSITIVE ? own : 1 - own;
            int called = chances[i] >= threshold ? SensitivityLabels.SENSITIVE : SensitivityLabels.RESISTANT;
            // A cell that expresses none of the genes that are read gets none.
            codes[i] = likeliest.codes()[i] < 0 ? -1 : called;
        }
        Predictions predictions = new Predictions(
                likeliest.cellNames(), likeliest.labels(), codes, chances, likeliest.reading(), likeliest.seconds());
        if (csv) {
            writeCsv(predictions, out);
        } else {
            double[] column = new double[chances.length];
            for (int i = 0; i < column.length; i++) {
                column[i] = chances[i];
            }
            try (CellFile file = CellFile.open(in, settings.values(), settings.identity())) {
                EnrichedFile.write(file, out, additions -> {
                    additions.obs(LABEL, new Column.Categorical(codes, SensitivityLabels.NAMES));
                    additions.obs(SENSITIVITY, new Column.Numeric(column, false));
                });
            }
        }
        return predictions;
    }

    private static boolean isCsv(Path out) {
        String name = out.toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv") || name.endsWith(".h5ad")) {
            return name.endsWith(".csv");
        }
        throw InputException.about(out)
                .found("ends in neither .csv nor .h5ad")
                .remedy("Name the output sensitivity.csv or cells.h5ad")
                .build();
    }

    private static void writeCsv(Predictions predictions, Path out) throws IOException {
        SafeFiles.stream(out, stream -> {
            BufferedWriter text = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16);
            text.write("cell,label,sensitivity\n");
            for (int i = 0; i < predictions.codes().length; i++) {
                text.write(quoted(predictions.cellNames().get(i)) + "," + predictions.label(i) + ","
                        + String.format(Locale.ROOT, "%.6f", predictions.probabilities()[i]) + "\n");
            }
            text.flush();
        });
    }

    private static String quoted(String text) {
        return text.matches("[^\",\\r\\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
