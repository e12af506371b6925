package org.celllm.data.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.matrix.Column;

/**
 * A per-cell column in short.
 *
 * @param name its name
 * @param type {@code "categorical"}, {@code "text"}, {@code "number"} or {@code "boolean"}
 * @param distinct how many different values, missing ones apart
 * @param missing how many cells lack one
 * @param label whether it may serve as a label: text or categories, 2 to 500 values, fewer than half the cells
 * @param common up to five values, the commonest first; numbers give none
 */
public record ColumnSummary(
        String name, String type, int distinct, int missing, boolean label, List<ValueCount> common) {
    private static final int COMMON = 5;

    private static final int MOST_LABELS = 500;

    /**
     * A value and how many cells have it.
     *
     * @param value as text
     * @param cells how many
     */
    public record ValueCount(String value, int cells) {}

    public ColumnSummary {
        common = List.copyOf(common);
    }

    /** Of a column. */
    static ColumnSummary of(String name, Column column) {
        Map<String, Integer> counts = new HashMap<>();
        int missing = 0;
        for (int row = 0; row < column.size(); row++) {
            String text = column.text(row);
            if (text == null) {
                missing++;
            } else {
                counts.merge(text, 1, Integer::sum);
            }
        }
        String type = column instanceof Column.Categorical
                ? "categorical"
                : column instanceof Column.Text ? "text" : column instanceof Column.Numeric ? "number" : "boolean";
        boolean words = !type.equals("number");
        boolean label =
                words && counts.size() >= 2 && counts.size() <= MOST_LABELS && 2L * counts.size() < column.size();
        List<ValueCount> common = new ArrayList<>();
        if (words) {
            counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(COMMON)
                    .forEach(entry -> common.add(new ValueCount(entry.getKey(), entry.getValue())));
        }
        return new ColumnSummary(name, type, counts.size(), missing, label, common);
    }
}
