package org.celllm.tasks.annotate;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.matrix.Column;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingFiles;
import org.celllm.tasks.embed.EnrichedFile;

/** Names the cells of files into files: {@code celllm annotate predict}. */
public final class PredictionFiles {
    /** The column of labels in {@code obs}, {@code unassigned} among them. */
    public static final String LABEL = "celllm_label";
    /** The column of the likeliest class's probability. */
    public static final String PROBABILITY = "celllm_probability";

    private PredictionFiles() {}

    /**
     * Names the cells of {@code in} and writes {@code out}: {@code .csv} with the header {@code cell,label,probability},
     * or {@code .h5ad}, a copy of {@code in} with {@link #LABEL} and {@link #PROBABILITY}.
     *
     * @param threshold cells whose likeliest class is less probable are {@code unassigned}
     * @throws InputException when {@code in} cannot be used, or {@code out} is neither
     */
    public static Predictions predictFile(Annotator annotator, Path in, Path out, double threshold, Progress progress)
            throws IOException {
        boolean csv = ending(out).equals(".csv");
        Predictions predictions = annotator.predict(in, threshold, progress);
        if (csv) {
            writeCsv(predictions, out);
        } else {
            EmbedSettings settings = annotator.settings();
            try (CellFile file = CellFile.open(in, settings.values(), settings.identity())) {
                EnrichedFile.write(file, out, additions -> {
                    additions.obs(LABEL, labels(predictions));
                    additions.obs(PROBABILITY, EmbeddingFiles.numbers(predictions.probabilities()));
                });
            }
        }
        return predictions;
    }

    private static String ending(Path out) {
        String name = out.toString().toLowerCase(Locale.ROOT);
        for (String ending : List.of(".csv", ".h5ad")) {
            if (name.endsWith(ending)) {
                return ending;
            }
        }
        throw InputException.about(out)
                .found("ends in neither .csv nor .h5ad")
                .remedy("Name the output labels.csv or cells.h5ad")
                .build();
    }

    private static void writeCsv(Predictions predictions, Path out) throws IOException {
        SafeFiles.stream(out, stream -> {
            BufferedWriter text = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
            text.write("cell,label,probability\n");
            for (int cell = 0; cell < predictions.codes().length; cell++) {
                text.write(quoted(predictions.cellNames().get(cell)) + "," + quoted(predictions.label(cell)) + ","
                        + String.format(Locale.ROOT, "%.6f", predictions.probabilities()[cell]) + "\n");
            }
            text.flush();
        });
    }

    private static String quoted(String text) {
        return text.matches("[^\",\\r\\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }

    private static Column labels(Predictions predictions) {
        List<String> categories = new ArrayList<>(predictions.labels());
        int[] codes = predictions.codes().clone();
        if (Arrays.stream(codes).anyMatch(code -> code < 0)) {
            int unassigned = categories.indexOf(Predictions.UNASSIGNED);
            int code = unassigned < 0 ? categories.size() : unassigned;
            if (unassigned < 0) {
                categories.add(Predictions.UNASSIGNED);
            }
            Arrays.setAll(codes, i -> codes[i] < 0 ? code : codes[i]);
        }
        return new Column.Categorical(codes, categories);
    }
}
