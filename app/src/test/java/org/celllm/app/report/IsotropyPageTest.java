package org.celllm.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsotropyPageTest {
    @TempDir
    Path folder;

    @Test
    void figuresStandWithTheirIntervalsAndReferencesAreDashed() throws Exception {
        ReportPage page = IsotropyPage.of(folder, isotropy(), null);
        ReportPage.IsotropyPlots plots = Objects.requireNonNull(page.isotropy());

        assertThat(page.title()).isEqualTo("Isotropy of ours");
        assertThat(page.facts().get(0).value()).isEqualTo("0.250");
        assertThat(page.facts().get(0).note()).isEqualTo("untrained 0.900");
        assertThat(plots.tables().get(0).rows())
                .containsExactly(
                        List.of("ours", "cls", "4", "0.250 ± 0.010", "3.2", "0.300", "–"),
                        List.of("untrained", "–", "4", "0.900", "–", "–", "–"));
        assertThat(plots.spectra()).hasSize(2);
        ReportPage.Curve ours = plots.spectra().get(0).curves().get(0);
        assertThat(ours.steps()).containsExactly(1L, 2L, 3L);
        assertThat(ours.values()).isEqualTo(Arrays.asList(1.0, 0.5, null));
        assertThat(plots.spectra().get(0).curves())
                .extracting(ReportPage.Curve::dashed)
                .containsExactly(false, true);
        assertThat(plots.points())
                .extracting(ReportPage.IsotropyPoint::reference)
                .containsExactly(false, true);
    }

    @Test
    void drawsItsFourChartsInABrowser() throws Exception {
        Optional<HeadlessChromium> browser = HeadlessChromium.find(folder);
        assumeThat(browser).as("a chromium on the PATH, to open the report in").isPresent();
        Path page = folder.resolve("isotropy.html");
        HtmlReport.write(page, IsotropyPage.of(folder, isotropy(), null));

        String dom = browser.get().dom(page);

        assertThat(dom).contains("data-ready=\"yes\"", "data-charts=\"4\"", "id=\"isotropy\"");
        assertThat(dom).contains("0.250 ± 0.010").doesNotContain("id=\"broken\"");
    }

    /** One model, one reference of which little is known. */
    private static JsonNode isotropy() throws Exception {
        return new ObjectMapper().readTree("""
                        {"cells": 30, "seeds": [1, 2], "hide": 0.5, "thin": 0.2, "file": "cells.h5ad", "representations": [
                          {"name": "ours", "reference": false, "path": "ours", "pool": "cls", "dim": 4, "figures": {
                            "meanCosine": {"mean": 0.25, "low": 0.24, "high": 0.26, "bySeed": [0.24, 0.26]},
                            "effectiveRank": {"mean": 3.2, "low": 3.2, "high": 3.2, "bySeed": [3.2, 3.2]},
                            "alignment": {"mean": 0.3, "low": null, "high": null, "bySeed": [0.3]},
                            "uniformity": {"mean": null, "low": null, "high": null, "bySeed": [null]}},
                           "spectrum": [1, 0.5, 0], "centredSpectrum": [1, 0.7, 0.2]},
                          {"name": "untrained", "reference": true, "path": null, "pool": null, "dim": 4,
                           "figures": {"meanCosine": {"mean": 0.9, "low": 0.9, "high": 0.9, "bySeed": [0.9, 0.9]}},
                           "spectrum": [1, 0.1, 0.1], "centredSpectrum": []}]}
                        """);
    }
}
