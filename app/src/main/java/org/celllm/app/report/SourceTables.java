package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.celllm.app.report.ReportPage.DataTable;

/** What a corpus or a run says about its sources, as tables whatever its fields are called. */
final class SourceTables {
    private SourceTables() {}

    /**
     * One table for each array of objects in a description, and one for its plain fields.
     *
     * @param description JSON object; anything else gives no table
     */
    static List<DataTable> of(JsonNode description) {
        List<DataTable> tables = new ArrayList<>();
        List<List<String>> plain = new ArrayList<>();
        description.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isArray() && !value.isEmpty() && value.get(0).isObject()) {
                tables.add(table(words(entry.getKey()), value));
            } else if (value.isObject()) {
                value.properties().forEach(inner -> {
                    if (inner.getValue().isValueNode()) {
                        plain.add(
                                List.of(words(entry.getKey()) + ", " + words(inner.getKey()), text(inner.getValue())));
                    }
                });
            } else if (value.isValueNode()) {
                plain.add(List.of(words(entry.getKey()), text(value)));
            }
        });
        if (!plain.isEmpty()) {
            tables.add(new DataTable("Corpus", "", List.of("what", "value"), plain));
        }
        return tables;
    }

    private static DataTable table(String title, JsonNode rows) {
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> row.properties().forEach(field -> {
            if (field.getValue().isValueNode()) {
                columns.add(field.getKey());
            }
        }));
        List<List<String>> cells = new ArrayList<>();
        rows.forEach(row ->
                cells.add(columns.stream().map(column -> text(row.path(column))).toList()));
        return new DataTable(
                title, "", columns.stream().map(SourceTables::words).toList(), cells);
    }

    private static String text(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        return value.isIntegralNumber() ? Figures.whole(value.asLong()) : value.asText();
    }

    /** {@code "mapped_genes"} and {@code "mappedGenes"} read {@code "mapped genes"}. */
    private static String words(String name) {
        return name.replace('_', ' ')
                .replaceAll("(\\p{Lower})(\\p{Upper})", "$1 $2")
                .toLowerCase(java.util.Locale.ROOT);
    }
}
