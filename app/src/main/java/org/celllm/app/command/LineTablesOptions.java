package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.celllm.tasks.response.LineTables;
import org.celllm.tasks.response.NamedFeatures;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The tables of what is known of cell lines: csv or tsv, gzipped or not. */
final class LineTablesOptions {
    @Option(
            names = "--expression",
            required = true,
            paramLabel = "FILE",
            description = "Expression of the lines: the line's name first, then genes.")
    Path expression;

    @Option(names = "--mutation", paramLabel = "FILE", description = "Mutations of the lines, in the same form.")
    @Nullable
    Path mutation;

    @Option(names = "--copy-number", paramLabel = "FILE", description = "Copy numbers of the lines, in the same form.")
    @Nullable
    Path copyNumber;

    /**
     * Reads them.
     *
     * @param encoded the lines as a cell language model encodes them, or {@code null}
     */
    LineTables read(@Nullable NamedFeatures encoded) throws IOException {
        return new LineTables(NamedFeatures.read(expression, "line"), table(mutation), table(copyNumber), encoded);
    }

    private static @Nullable NamedFeatures table(@Nullable Path file) throws IOException {
        return file == null ? null : NamedFeatures.read(file, "line");
    }

    /** Names the files that were read. */
    void describe(ObjectNode figures) {
        figures.put("expression", expression.toString());
        if (mutation != null) {
            figures.put("mutation", mutation.toString());
        }
        if (copyNumber != null) {
            figures.put("copyNumber", copyNumber.toString());
        }
    }
}
