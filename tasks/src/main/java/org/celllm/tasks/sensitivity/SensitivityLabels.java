package org.celllm.tasks.sensitivity;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.celllm.data.InputException;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.tasks.labels.CellLabels;
import org.jspecify.annotations.Nullable;

/** Labels of cells as sensitive or resistant. Sensitive is the second class, so that its probability is what ranks. */
public final class SensitivityLabels {
    /** The classes' names. */
    public static final List<String> NAMES = List.of("resistant", "sensitive");
    /** The code of a resistant cell. */
    public static final int RESISTANT = 0;
    /** The code of a sensitive cell. */
    public static final int SENSITIVE = 1;

    private SensitivityLabels() {}

    /**
     * Labels from a column: one of its values means sensitive, every other resistant, and a missing one nothing.
     *
     * @param file for messages
     * @throws InputException when there is no such column, no cell has that value, or every labelled cell has it
     */
    public static CellLabels ofColumn(Path file, AnnotationTable cells, String column, String sensitive) {
        CellLabels values = CellLabels.of(CellLabels.texts(file, cells, column));
        int code = values.names().indexOf(sensitive);
        if (code < 0) {
            throw InputException.about(file)
                    .at("obs column " + column)
                    .found("no cell has \"" + sensitive + "\", but " + some(values.names()))
                    .expected("the value of sensitive cells")
                    .remedy("Name it by --sensitive")
                    .build();
        }
        int[] codes = new int[values.codes().length];
        for (int i = 0; i < codes.length; i++) {
            int value = values.codes()[i];
            codes[i] = value < 0 ? -1 : value == code ? SENSITIVE : RESISTANT;
        }
        return checked(file, "obs column " + column, codes, "Label cells of the other class too");
    }

    /**
     * Labels from the line each cell is of: sensitive where the line's ln IC50 lies below the threshold. Cells without a
     * line, and of lines on which the drug was not measured, have no label.
     *
     * @throws InputException when there is no such column, a line is not in the table, or all cells are of one class
     */
    public static CellLabels ofLines(Path file, AnnotationTable cells, String column, LineResponses responses) {
        List<@Nullable String> lines = CellLabels.texts(file, cells, column);
        CellLabels named = CellLabels.of(lines);
        TreeSet<String> unknown = new TreeSet<>();
        TreeMap<String, Integer> codeOf = new TreeMap<>();
        boolean translated = true;
        for (String line : named.names()) {
            if (responses.knows(line)) {
                Float lnIc50 = responses.lnIc50(line);
                codeOf.put(line, lnIc50 == null ? -1 : lnIc50 < responses.threshold() ? SENSITIVE : RESISTANT);
            } else {
                String id = responses.id(line);
                translated &= !id.equals(line);
                unknown.add(id.equals(line) ? line : line + " (" + id + ")");
            }
        }
        if (!unknown.isEmpty()) {
            throw InputException.about(file)
                    .at("obs column " + column)
                    .found("the lines " + some(List.copyOf(unknown)) + " are not in the table of responses")
                    .expected("names of its lines, such as "
                            + some(responses.responses().lines()))
                    .remedy(
                            translated
                                    ? "Give --responses that have these lines, or leave their cells without a line"
                                    : "Give a table from these names to the responses' by --lines")
                    .build();
        }
        int[] codes = new int[named.codes().length];
        for (int i = 0; i < codes.length; i++) {
            int line = named.codes()[i];
            codes[i] = line < 0 ? -1 : codeOf.getOrDefault(named.names().get(line), -1);
        }
        return checked(
                file,
                "obs column " + column,
                codes,
                "Choose another drug or threshold, here ln IC50 below " + responses.threshold()
                        + ", or cells of more lines");
    }

    private static CellLabels checked(Path file, String place, int[] codes, String remedy) {
        CellLabels labels = new CellLabels(NAMES, codes);
        int[] counts = labels.counts();
        if (counts[RESISTANT] == 0 || counts[SENSITIVE] == 0) {
            throw InputException.about(file)
                    .at(place)
                    .found(
                            labels.labelled() == 0
                                    ? "no cell has a label"
                                    : "every labelled cell is "
                                            + NAMES.get(counts[SENSITIVE] > 0 ? SENSITIVE : RESISTANT))
                    .expected("sensitive cells and resistant ones")
                    .remedy(remedy)
                    .build();
        }
        return labels;
    }

    private static String some(List<String> names) {
        List<String> shown = new ArrayList<>(names.subList(0, Math.min(5, names.size())));
        if (names.size() > shown.size()) {
            shown.add("…");
        }
        return String.join(", ", shown);
    }
}
