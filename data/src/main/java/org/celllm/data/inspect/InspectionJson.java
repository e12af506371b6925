package org.celllm.data.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneReport;
import org.celllm.data.genes.ResolutionRule;
import org.celllm.data.tokens.SlotChoice;
import org.celllm.data.tokens.SlotFinding;
import org.jspecify.annotations.Nullable;

/** Writes a {@link FileInspection} as JSON of the schema {@code celllm-inspection/1}. */
final class InspectionJson {
    /** Name and version of the schema; a change that breaks readers changes it. */
    static final String SCHEMA = "celllm-inspection/1";

    private InspectionJson() {}

    static JsonNode of(FileInspection inspection) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("schema", SCHEMA);
        json.put("path", inspection.path());
        json.put("format", inspection.format());
        json.put("cells", inspection.cells());
        strings(json.putArray("cell_examples"), inspection.cellExamples());
        ArrayNode slots = json.putArray("slots");
        inspection.slots().forEach(finding -> slots.add(slot(finding)));
        SlotChoice choice = inspection.choice();
        if (choice == null) {
            json.putNull("choice");
        } else {
            ObjectNode chosen = json.putObject("choice");
            chosen.put("slot", choice.slot().name());
            chosen.put("state", choice.state().word());
            chosen.put("reason", choice.reason());
        }
        json.put("problem", inspection.problem());
        json.set("genes", genes(inspection.genes()));
        ArrayNode columns = json.putArray("columns");
        inspection.columns().forEach(column -> columns.add(column(column)));
        strings(json.putArray("label_columns"), inspection.labelColumns());
        strings(json.putArray("remarks"), inspection.remarks());
        return json;
    }

    private static ObjectNode slot(SlotFinding finding) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", finding.slot().name());
        json.put("cells", finding.slot().cells());
        json.put("genes", finding.slot().genes());
        json.put("layout", finding.slot().layout().name().toLowerCase(Locale.ROOT));
        json.put("value_type", finding.slot().valueType());
        if (finding.slot().nonzeros() < 0) {
            json.putNull("nonzeros");
        } else {
            json.put("nonzeros", finding.slot().nonzeros());
        }
        json.put("state", finding.state().word());
        json.put("evidence", finding.evidence());
        if (finding.target() > 0) {
            json.put("target_sum", finding.target());
        } else {
            json.putNull("target_sum");
        }
        json.put("sampled_min", finding.least());
        json.put("sampled_max", finding.most());
        return json;
    }

    private static ObjectNode genes(GeneSummary genes) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("count", genes.genes());
        json.put("column", genes.column());
        json.put("kind", genes.kind());
        json.put("duplicated", genes.duplicated());
        json.put("renamed", genes.renamed());
        json.put("species", genes.species());
        strings(json.putArray("examples"), genes.examples());
        json.set("identity", identity(genes.report()));
        GeneMapping mapping = genes.mapping();
        if (mapping == null) {
            json.putNull("mapping");
            return json;
        }
        ObjectNode mapped = json.putObject("mapping");
        mapped.put("column", mapping.names().column());
        mapped.put("vocabulary", mapping.vocabularySize());
        mapped.put("mapped", mapping.mapped());
        mapped.put("mapped_fraction", mapping.mappedFraction());
        mapped.put("covered", mapping.covered());
        mapped.put("renamed", mapping.renamed());
        mapped.put("duplicated", mapping.duplicated());
        mapped.put("unknown", mapping.unknown());
        mapped.put("ambiguous", mapping.ambiguous());
        strings(mapped.putArray("renamed_examples"), mapping.renamedExamples());
        strings(mapped.putArray("duplicated_examples"), mapping.duplicatedExamples());
        strings(mapped.putArray("unknown_examples"), mapping.unknownExamples());
        strings(mapped.putArray("ambiguous_examples"), mapping.ambiguousExamples());
        return json;
    }

    private static JsonNode identity(@Nullable GeneReport report) {
        if (report == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("approved", report.approved());
        json.put("sharing", report.sharing());
        json.put("duplicated", report.duplicated());
        ObjectNode rules = json.putObject("rules");
        ObjectNode examples = json.putObject("examples");
        for (ResolutionRule rule : ResolutionRule.values()) {
            rules.put(rule.word(), report.count(rule));
            strings(examples.putArray(rule.word()), report.examples().getOrDefault(rule, List.of()));
        }
        strings(json.putArray("sharing_examples"), report.sharingExamples());
        strings(json.putArray("duplicated_examples"), report.duplicatedExamples());
        return json;
    }

    private static ObjectNode column(ColumnSummary column) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", column.name());
        json.put("type", column.type());
        json.put("distinct", column.distinct());
        json.put("missing", column.missing());
        json.put("label", column.label());
        ArrayNode common = json.putArray("common");
        for (ColumnSummary.ValueCount value : column.common()) {
            common.addObject().put("value", value.value()).put("cells", value.cells());
        }
        return json;
    }

    private static void strings(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
