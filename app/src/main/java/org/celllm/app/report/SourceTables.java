package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.celllm.app.report.ReportPage.DataTable;

/** What a corpus's manifest says about its sources. */
final class SourceTables {
    private static final List<String> HEADER = List.of(
            "source", "file", "read as", "cells", "kept", "normal", "cancer", "unknown", "gene names", "genes mapped");

    private SourceTables() {}

    /**
     * A table of the sources; none when the manifest has none.
     *
     * @param manifest JSON of a corpus manifest
     */
    static List<DataTable> of(JsonNode manifest) {
        List<List<String>> rows = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        for (JsonNode source : manifest.path("sources")) {
            String name = source.path("name").asText();
            rows.add(List.of(
                    name,
                    source.path("path").asText(),
                    source.path("slot").asText() + ", " + source.path("state").asText(),
                    whole(source.path("cellsRead")),
                    whole(source.path("cellsKept")),
                    whole(source.at("/disease/normal")),
                    whole(source.at("/disease/cancer")),
                    whole(source.at("/disease/unknown")),
                    source.at("/genes/kind").asText(),
                    whole(source.at("/genes/mapped")) + " of " + whole(source.at("/genes/total"))));
            source.path("removed").properties().forEach(filter -> {
                if (filter.getValue().asLong() > 0) {
                    removed.add(whole(filter.getValue()) + " cells of " + name + " by " + filter.getKey());
                }
            });
        }
        if (rows.isEmpty()) {
            return List.of();
        }
        String note = whole(manifest.path("cells")) + " cells, " + whole(manifest.path("nonzeros")) + " values over "
                + whole(manifest.path("genes")) + " genes: "
                + manifest.path("geneRule").asText() + "."
                + (removed.isEmpty() ? "" : " Filters removed " + String.join(", ", removed) + ".");
        return List.of(new DataTable("Corpus the model was trained on", note, HEADER, rows));
    }

    /** What identifies a corpus, without its lists. */
    static ObjectNode identity(JsonNode manifest) {
        ObjectNode plain = JsonNodeFactory.instance.objectNode();
        manifest.properties().forEach(entry -> {
            if (entry.getValue().isValueNode()) {
                plain.set(entry.getKey(), entry.getValue());
            }
        });
        return plain;
    }

    private static String whole(JsonNode number) {
        return number.isNumber() ? Figures.whole(number.asLong()) : "–";
    }
}
