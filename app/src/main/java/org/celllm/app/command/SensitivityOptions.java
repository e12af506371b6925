package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.tasks.labels.CellLabels;
import org.celllm.tasks.response.DrugResponses;
import org.celllm.tasks.response.ResponseColumns;
import org.celllm.tasks.response.ResponseThresholds;
import org.celllm.tasks.sensitivity.LineResponses;
import org.celllm.tasks.sensitivity.SensitivityLabels;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cells are sensitive: a column says so, or the cell line's measured response to a drug. */
final class SensitivityOptions {
    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "Column of obs that says which cells are sensitive.")
    @Nullable
    String label;

    @Option(
            names = "--sensitive",
            paramLabel = "VALUE",
            defaultValue = "sensitive",
            description = "Its value for sensitive cells; every other is resistant (default: ${DEFAULT-VALUE}).")
    String sensitive;

    @Option(
            names = "--line-column",
            paramLabel = "COLUMN",
            description = "Instead of --label: column of obs with the cell's line, whose response labels it.")
    @Nullable
    String lineColumn;

    @Option(
            names = "--responses",
            paramLabel = "FILE",
            description = "ln IC50 of lines, in columns drug_name, DepMap_ID (or cell_line, line) and ln_IC50.")
    @Nullable
    Path responses;

    @Option(names = "--drug", paramLabel = "NAME", description = "The drug, as --responses names it.")
    @Nullable
    String drug;

    @Option(names = "--threshold", paramLabel = "X", description = "A line with a lower ln IC50 is sensitive.")
    @Nullable
    Float threshold;

    @Option(
            names = "--thresholds",
            paramLabel = "FILE",
            description = "Instead of it: a threshold a drug, in columns drug and ln_IC50_threshold.")
    @Nullable
    Path thresholds;

    @Option(
            names = "--lines",
            paramLabel = "FILE",
            description = "Table from the cells' names of lines to those in --responses, in columns name and line.")
    @Nullable
    Path lines;

    private @Nullable LineResponses read;

    /**
     * Labels of a file's cells.
     *
     * @throws InputException when options are missing or contradict each other, or the labels cannot be had
     */
    CellLabels of(Path file, AnnotationTable cells) throws IOException {
        String column = label;
        String line = lineColumn;
        if ((column == null) == (line == null)) {
            throw InputException.about("--label, --line-column")
                    .found(column == null ? "neither is given" : "both are given")
                    .expected("one of the two")
                    .remedy("Say which cells are sensitive by --label, or by --line-column with --responses and --drug")
                    .build();
        }
        if (column != null) {
            return SensitivityLabels.ofColumn(file, cells, column, sensitive);
        }
        if (line == null) {
            throw new IllegalStateException("no column of lines");
        }
        return SensitivityLabels.ofLines(file, cells, line, lineResponses());
    }

    private LineResponses lineResponses() throws IOException {
        LineResponses known = read;
        if (known != null) {
            return known;
        }
        Path table = responses;
        String name = drug;
        if (table == null || name == null) {
            throw InputException.about(table == null ? "--responses" : "--drug")
                    .found("is not given")
                    .expected("a table of responses and a drug with --line-column")
                    .build();
        }
        if (threshold != null && thresholds != null) {
            throw InputException.about("--threshold")
                    .found("is given with --thresholds")
                    .expected("one of the two")
                    .build();
        }
        known = LineResponses.of(
                table,
                DrugResponses.read(table, ResponseColumns.USUAL),
                name,
                threshold,
                thresholds == null ? null : ResponseThresholds.read(thresholds),
                lines == null ? Map.of() : LineResponses.readIds(lines));
        read = known;
        return known;
    }

    /** Says where labels came from. */
    void describe(ObjectNode figures) {
        if (label != null) {
            figures.put("label", label).put("sensitive", sensitive);
            return;
        }
        figures.put("lineColumn", lineColumn).put("responses", String.valueOf(responses));
        LineResponses known = read;
        if (known != null) {
            figures.put("drug", known.drug()).put("thresholdLnIc50", known.threshold());
        }
    }
}
