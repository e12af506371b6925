package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.celllm.tasks.drug.DrugColumns;
import org.celllm.tasks.drug.DrugTable;
import org.celllm.tasks.response.DrugResponses;
import org.celllm.tasks.response.LineTables;
import org.celllm.tasks.response.NamedFeatures;
import org.celllm.tasks.response.ResponseColumns;
import org.celllm.tasks.response.ResponseData;
import org.celllm.tasks.response.ResponseThresholds;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The tables of responses and of what is known of lines and drugs: csv or tsv, gzipped or not. */
final class ResponseOptions {
    @Option(
            names = "--responses",
            required = true,
            paramLabel = "FILE",
            description = "ln IC50, one pair a row, in columns drug_name, DepMap_ID (or cell_line, line) and ln_IC50.")
    Path responses;

    @Mixin
    LineTablesOptions lines;

    @Option(
            names = "--thresholds",
            paramLabel = "FILE",
            description = "ln IC50 below which a line is sensitive, in columns drug and ln_IC50_threshold.")
    @Nullable
    Path thresholds;

    @Option(
            names = "--drugs",
            paramLabel = "FILE",
            description =
                    "Names and SMILES of the drugs, in columns drug_name and SMILES: read as graphs, fingerprints and descriptors.")
    @Nullable
    Path drugs;

    @Option(
            names = "--drug-features",
            paramLabel = "FILE",
            description =
                    "Features of the drugs in place of fingerprints and descriptors: the drug's name first, then numbers.")
    @Nullable
    Path drugFeatures;

    @Option(names = "--drug-column", paramLabel = "NAME", description = "Column of --responses with the drug.")
    @Nullable
    String drugColumn;

    @Option(names = "--line-column", paramLabel = "NAME", description = "Column of --responses with the line.")
    @Nullable
    String lineColumn;

    @Option(names = "--value-column", paramLabel = "NAME", description = "Column of --responses with ln IC50.")
    @Nullable
    String valueColumn;

    /**
     * Reads what was given and brings it into one order.
     *
     * @param encoded the lines as a cell language model encodes them, or {@code null}
     */
    ResponseData read(@Nullable NamedFeatures encoded) throws IOException {
        ResponseColumns columns = new ResponseColumns(
                named(drugColumn, ResponseColumns.USUAL.drug()),
                named(lineColumn, ResponseColumns.USUAL.line()),
                named(valueColumn, ResponseColumns.USUAL.lnIc50()));
        DrugResponses measured = DrugResponses.read(responses, columns);
        Path features = drugFeatures;
        NamedFeatures ofDrugs = features == null ? null : NamedFeatures.read(features, "drug");
        DrugTable molecules = drugs == null ? null : DrugTable.read(drugs, DrugColumns.USUAL);
        ResponseThresholds divided = thresholds == null ? null : ResponseThresholds.read(thresholds);
        LineTables ofLines = lines.read(encoded);
        return Checked.option(
                thresholds == null ? "--responses, --expression" : "--responses, --expression, --thresholds",
                () -> ResponseData.of(measured, ofLines, ofDrugs, molecules, divided));
    }

    /** Names the files that were read. */
    void describe(ObjectNode figures) {
        figures.put("responses", responses.toString());
        lines.describe(figures);
        put(figures, "thresholds", thresholds);
        put(figures, "molecules", drugs);
        put(figures, "drugFeatures", drugFeatures);
    }

    private static void put(ObjectNode figures, String name, @Nullable Path file) {
        if (file != null) {
            figures.put(name, file.toString());
        }
    }

    private static List<String> named(@Nullable String given, List<String> usual) {
        return given == null ? usual : List.of(given);
    }
}
