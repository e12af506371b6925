package org.celllm.tasks.files;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.celllm.data.InputException;

/** Comma-separated text, as RFC 4180 has it. */
public final class CsvText {
    private CsvText() {}

    /** A field, in quotes where it needs them. */
    public static String quoted(String text) {
        return text.matches("[^\",\\r\\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }

    /**
     * Whether an output is to be comma-separated text rather than {@code .h5ad}, by its name.
     *
     * @throws InputException when it is neither
     */
    public static boolean orH5ad(Path out) {
        String name = out.toString().toLowerCase(Locale.ROOT);
        for (String ending : List.of(".csv", ".h5ad")) {
            if (name.endsWith(ending)) {
                return ending.equals(".csv");
            }
        }
        throw InputException.about(out)
                .found("ends in neither .csv nor .h5ad")
                .remedy("Name the output labels.csv or cells.h5ad")
                .build();
    }
}
