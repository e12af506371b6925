package org.celllm.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPageTest {
    private static final String CONFIG = "{\"network\": {\"dim\": 64, \"depth\": 2, \"genes\": 1234}}";

    @TempDir
    Path folder;

    @Test
    void saysWhatTheModelSawAndHowItCameToBe() throws IOException {
        Files.writeString(folder.resolve("config.json"), CONFIG);
        Files.writeString(folder.resolve("provenance.json"), """
                {"run": {"settings": {"preset": "TINY", "steps": 400, "batch": 256, "seed": 7}, "cpu": "some"},
                 "plan": {"parameters": 1234567, "trained": 234567, "cells": 2000},
                 "corpus": {"hash": "abc", "cells": 1990, "nonzeros": 70000, "genes": 1234, "geneRule": "by file", "sources": [
                   {"name": "a", "path": "a.h5ad", "slot": "X", "state": "counts", "cellsRead": 2000, "cellsKept": 1990,
                    "removed": {"fewer than 50 genes": 10}, "disease": {"normal": 1000, "cancer": 990, "unknown": 0},
                    "genes": {"kind": "symbol", "total": 2000, "mapped": 1234}}]},
                 "notes": ["the corpus has one source"], "seconds": 75.0, "peak_resident_bytes": 2147483648}
                """);
        Files.writeString(
                folder.resolve("metrics.jsonl"),
                "{\"kind\":\"validation\",\"step\":1,\"masked_accuracy\":0.7,\"commonest_accuracy\":0.4}\n");

        ReportPage page = ModelPage.read(folder).page(null);

        assertThat(page.subtitle()).isEqualTo("tiny network · 2 layers of 64 · 400 steps of 256 cells · seed 7");
        assertThat(page.facts())
                .contains(
                        new ReportPage.Fact("Parameters", "1.2 M", "235 k trained"),
                        new ReportPage.Fact("Masked genes guessed", "0.700", "commonest bin 0.400"),
                        new ReportPage.Fact("Training took", "1 min 15 s", "2.00 GiB at most"));
        assertThat(page.tables())
                .extracting(ReportPage.DataTable::title)
                .containsExactly("Corpus the model was trained on", "Notes of the run");
        assertThat(page.tables().get(0).rows())
                .containsExactly(List.of(
                        "a", "a.h5ad", "X, counts", "2,000", "1,990", "1,000", "990", "0", "symbol", "1,234 of 2,000"));
        assertThat(page.tables().get(0).note()).contains("10 cells of a by fewer than 50 genes");
        assertThat(page.settings()).extracting(ReportPage.Settings::name).startsWith("Training", "Network", "Plan");
    }

    @Test
    void aModelWithoutAPastStillHasAPage() throws IOException {
        Files.writeString(folder.resolve("config.json"), CONFIG);

        ReportPage page = ModelPage.read(folder).page(null);

        assertThat(page.facts()).containsExactly(new ReportPage.Fact("Genes", "1,234", "in the vocabulary"));
        assertThat(page.panels()).isEmpty();
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"network\": ");

        assertThatThrownBy(() -> ModelPage.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("config.json");
    }
}
