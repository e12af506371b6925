package org.celllm.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.hdf5.HandmadeAnnData;
import org.celllm.data.hdf5.HandmadeHdf5;
import org.celllm.data.matrix.RandomMatrix;
import org.celllm.data.tokens.ValuesOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileInspectionTest {
    @TempDir
    Path folder;

    private Path write(boolean negative) {
        RandomMatrix counts = RandomMatrix.counts(1, 30, 12);
        if (negative) {
            counts.values()[3][4] = -1.5f;
        }
        int[] codes = new int[30];
        for (int i = 0; i < 30; i++) {
            codes[i] = i % 3 == 0 ? 0 : 1;
        }
        return HandmadeHdf5.write(folder.resolve("cells.h5ad"), h5 -> {
            HandmadeAnnData.around(h5, 30, 12);
            HandmadeAnnData.sparse(h5, "X", counts, true);
            h5.strings("obs/cell_type/categories", List.of("B", "T")).ints("obs/cell_type/codes", codes);
            h5.strings("obs/barcode", RandomMatrix.names("AACC", 30));
            h5.ints("obs/n_genes", codes);
        });
    }

    @Test
    void tellsWhatAFileHolds() throws IOException {
        FileInspection inspection = FileInspection.of(write(false));
        assertThat(inspection.cells()).isEqualTo(30);
        assertThat(inspection.labelColumns()).containsExactly("cell_type");
        assertThat(inspection.problem()).isNull();
        assertThat(inspection.columns().get(1).name()).isEqualTo("cell_type");
        assertThat(inspection.columns().get(1).common())
                .containsExactly(new ColumnSummary.ValueCount("T", 20), new ColumnSummary.ValueCount("B", 10));
    }

    @Test
    void writesTheDocumentedJson() throws IOException {
        JsonNode json = FileInspection.of(
                        write(false),
                        ValuesOption.AUTO,
                        GeneIdentity.plain(),
                        new GeneVocabulary(List.of("gene3", "other")))
                .toJson();
        assertThat(fields(json))
                .containsExactly(
                        "schema",
                        "path",
                        "format",
                        "cells",
                        "cell_examples",
                        "slots",
                        "choice",
                        "problem",
                        "genes",
                        "columns",
                        "label_columns",
                        "remarks");
        assertThat(json.get("schema").asText()).isEqualTo("celllm-inspection/1");
        assertThat(fields(json.get("slots").get(0)))
                .containsExactly(
                        "name",
                        "cells",
                        "genes",
                        "layout",
                        "value_type",
                        "nonzeros",
                        "state",
                        "evidence",
                        "target_sum",
                        "sampled_min",
                        "sampled_max");
        assertThat(fields(json.get("choice"))).containsExactly("slot", "state", "reason");
        assertThat(json.get("choice").get("state").asText()).isEqualTo("counts");
        assertThat(json.get("problem").isNull()).isTrue();
        assertThat(fields(json.get("genes")))
                .containsExactly(
                        "count",
                        "column",
                        "kind",
                        "duplicated",
                        "renamed",
                        "species",
                        "examples",
                        "identity",
                        "mapping");
        assertThat(json.get("genes").get("identity").isNull()).isTrue();
        assertThat(fields(json.get("genes").get("mapping")))
                .containsExactly(
                        "column",
                        "vocabulary",
                        "mapped",
                        "mapped_fraction",
                        "covered",
                        "renamed",
                        "duplicated",
                        "unknown",
                        "ambiguous",
                        "renamed_examples",
                        "duplicated_examples",
                        "unknown_examples",
                        "ambiguous_examples");
        assertThat(json.get("genes").get("mapping").get("mapped").asInt()).isEqualTo(1);
        assertThat(fields(json.get("columns").get(0)))
                .containsExactly("name", "type", "distinct", "missing", "label", "common");
        assertThat(json.get("label_columns").get(0).asText()).isEqualTo("cell_type");
    }

    @Test
    void describesAFileThatWouldBeRefused() throws IOException {
        FileInspection inspection = FileInspection.of(write(true));
        assertThat(inspection.choice()).isNull();
        assertThat(inspection.problem()).contains("scaled and there are no counts");
        JsonNode json = inspection.toJson();
        assertThat(json.get("choice").isNull()).isTrue();
        assertThat(json.get("problem").asText()).contains("--values scaled");
        assertThat(json.get("slots").get(0).get("state").asText()).isEqualTo("scaled");
    }

    private static List<String> fields(JsonNode json) {
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
