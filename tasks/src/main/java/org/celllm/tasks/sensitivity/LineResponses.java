package org.celllm.tasks.sensitivity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.table.HeadedTable;
import org.celllm.tasks.response.DrugResponses;
import org.celllm.tasks.response.ResponseThresholds;
import org.jspecify.annotations.Nullable;

/**
 * How cell lines responded to one drug.
 *
 * @param responses of that drug and maybe others
 * @param drug which
 * @param threshold ln IC50 below which a line is sensitive
 * @param ids from the names that cells have for their lines to the names in {@code responses}; a name that is not in it
 *     stands for itself
 */
public record LineResponses(DrugResponses responses, String drug, float threshold, Map<String, String> ids) {
    private static final List<String> NAME = List.of("name", "cell_line");
    private static final List<String> ID = List.of("line", "DepMap_ID", "id");

    public LineResponses {
        ids = Map.copyOf(ids);
        if (!responses.drugs().contains(drug)) {
            throw new IllegalArgumentException("no responses to " + drug);
        }
        if (!Float.isFinite(threshold)) {
            throw new IllegalArgumentException("threshold " + threshold);
        }
    }

    /**
     * One drug of a table.
     *
     * @param file the table, for messages
     * @param drug in the table's spelling, capitals or not
     * @param threshold ln IC50, or {@code null} to take it from {@code thresholds}
     * @param thresholds of the drugs, {@code null} where {@code threshold} says it
     * @param ids as {@link #ids()}
     * @throws InputException when the table has no such drug, or nothing says its threshold
     */
    public static LineResponses of(
            Path file,
            DrugResponses responses,
            String drug,
            @Nullable Float threshold,
            @Nullable ResponseThresholds thresholds,
            Map<String, String> ids) {
        String known = responses.drugs().stream()
                .filter(drug::equalsIgnoreCase)
                .findFirst()
                .orElseThrow(() -> InputException.about(file)
                        .found("has no drug \"" + drug + "\" among its "
                                + responses.drugs().size())
                        .expected("one such as "
                                + String.join(
                                        ", ",
                                        responses
                                                .drugs()
                                                .subList(
                                                        0,
                                                        Math.min(
                                                                5,
                                                                responses
                                                                        .drugs()
                                                                        .size()))))
                        .remedy("Name one of its drugs by --drug")
                        .build());
        Float divided = threshold;
        if (divided == null && thresholds != null) {
            divided = thresholds.byDrug().get(known);
        }
        if (divided == null) {
            throw InputException.about("--thresholds")
                    .found("nothing says below which ln IC50 a line is sensitive to " + known)
                    .expected("a threshold")
                    .remedy("Give it by --threshold, or a table that has the drug by --thresholds")
                    .build();
        }
        return new LineResponses(responses, known, divided, ids);
    }

    /**
     * Reads a csv or tsv with the columns {@code name} (or {@code cell_line}) and {@code line} (or {@code DepMap_ID},
     * {@code id}).
     *
     * @throws InputException naming file and line when a field is empty or a name stands there twice
     */
    public static Map<String, String> readIds(Path file) throws IOException {
        Map<String, String> ids = new HashMap<>();
        try (HeadedTable table = HeadedTable.open(file)) {
            int name = table.column(NAME);
            int id = table.column(ID);
            while (table.next()) {
                if (ids.putIfAbsent(table.name(name), table.name(id)) != null) {
                    throw table.error()
                            .found("has the line " + table.name(name) + " a second time")
                            .expected("each name once")
                            .build();
                }
            }
        }
        return ids;
    }

    /** Whether a line is in the table, to whatever drug. */
    boolean knows(String name) {
        return responses.lines().contains(id(name));
    }

    /** The line's response to the drug, {@code null} where it was not measured. */
    @Nullable
    Float lnIc50(String name) {
        int line = responses.lines().indexOf(id(name));
        int of = responses.drugs().indexOf(drug);
        for (int i = 0; i < responses.pairs(); i++) {
            if (responses.line()[i] == line && responses.drug()[i] == of) {
                return responses.lnIc50()[i];
            }
        }
        return null;
    }

    String id(String name) {
        return ids.getOrDefault(name, name);
    }
}
