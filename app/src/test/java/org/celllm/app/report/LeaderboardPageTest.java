package org.celllm.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaderboardPageTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void theIntervalOfThePairedDifferenceDecides() throws Exception {
        assertThat(Standings.of(sensitivity(.02, .08)).get(0).verdict()).isEqualTo(Verdict.WON);
        assertThat(Standings.of(sensitivity(-.08, -.02)).get(0).verdict()).isEqualTo(Verdict.LOST);
        assertThat(Standings.of(sensitivity(-.02, .08)).get(0).verdict()).isEqualTo(Verdict.UNDECIDED);
    }

    @Test
    void theBestBaselineIsNeitherTheModelsAblationNorAWeakerOne() throws Exception {
        List<Standing> standings = Standings.of(sensitivity(.02, .08));

        assertThat(standings).extracting(Standing::measure).containsExactly("macro-F1", "AUROC");
        assertThat(standings).extracting(Standing::model).containsOnly("model");
        assertThat(standings)
                .extracting(Standing::baseline)
                .containsExactly("logistic regression, genes", "majority class");
        assertThat(standings.get(1).verdict()).isEqualTo(Verdict.NOT_COMPARED);
    }

    @Test
    void withoutAModelNothingIsWon() throws Exception {
        Standing standing = Standings.of(response("drug mean")).get(0);
        assertThat(standing.model()).isNull();
        assertThat(standing.baseline()).isEqualTo("matrix completion");
        assertThat(standing.verdict()).isEqualTo(Verdict.NOT_COMPARED);
        assertThat(Standings.of(response("CellLM response")).get(0).verdict()).isEqualTo(Verdict.LOST);
    }

    @Test
    void everyPageIsDrawnInABrowser() throws Exception {
        Optional<HeadlessChromium> browser = HeadlessChromium.find(folder);
        assumeThat(browser).as("a chromium on the PATH, to open the report in").isPresent();
        Path page = folder.resolve("page.html");

        HtmlReport.write(page, LeaderboardPage.of(folder, suite(), URI.create("")));
        picture(browser.get(), page, "leaderboard");
        assertThat(browser.get().dom(page))
                .contains("data-ready=\"yes\"", "data-charts=\"1\"", "id=\"leaderboard\"", "href=\"few.html\"")
                .contains("verdict won", "verdict lost", "verdict failed", "no such file")
                .doesNotContain("id=\"broken\"", "href=\"broken.html\"");

        HtmlReport.write(page, ResponsePage.of(folder, response("CellLM response"), null));
        picture(browser.get(), page, "response");
        assertThat(browser.get().dom(page))
                .contains("data-ready=\"yes\"", "data-charts=\"2\"", "Unseen lines", "within drugs");

        HtmlReport.write(page, SensitivityPage.of(folder, sensitivity(.02, .08), null));
        picture(browser.get(), page, "sensitivity");
        assertThat(browser.get().dom(page)).contains("data-ready=\"yes\"", "data-charts=\"3\"", "5 cells a class");
    }

    private static void picture(HeadlessChromium browser, Path page, String name) throws Exception {
        String wanted = System.getProperty("celllm.test.pictures");
        if (wanted != null) {
            browser.picture(page, Path.of(wanted, name + ".png"), 1280, 1300);
        }
    }

    /** One that stands well, one that does not, one that failed. */
    private JsonNode suite() throws Exception {
        Files.writeString(folder.resolve("few.html"), "");
        ObjectNode suite = JSON.createObjectNode().put("suite", "suite.yaml");
        ObjectNode few = suite.putArray("evaluations").addObject();
        few.put("name", "few").put("kind", "sensitivity").put("state", "done").put("seconds", 12.3);
        few.set("standings", JSON.valueToTree(Standings.of(sensitivity(.02, .08))));
        ObjectNode lines = suite.withArray("evaluations").addObject();
        lines.put("name", "gdsc").put("kind", "response").put("state", "done").put("seconds", 1234.5);
        lines.set("standings", JSON.valueToTree(Standings.of(response("CellLM response"))));
        suite.withArray("evaluations")
                .addObject()
                .put("name", "broken")
                .put("kind", "annotation")
                .put("state", "failed")
                .put("error", "cells.h5ad: no such file or folder.");
        return suite;
    }

    private static JsonNode sensitivity(double low, double high) throws Exception {
        String score = "{\"mean\": %.2f, \"low\": %.2f, \"high\": %.2f, \"n\": 5}";
        String confusion = "{\"labels\": [\"a\", \"b\"], \"counts\": [[9, 1], [2, 8]], \"unassigned\": [0, 0]}";
        return JSON.readTree("""
                        {"drug": "Erlotinib", "evaluations": [{"protocol": "5 cells a class × 5 draws", "cells": 66, "methods": [
                          {"method": "model", "macroF1": %s, "accuracy": %s, "auroc": %s, "averagePrecision": %s, "confusion": %s},
                          {"method": "model without its embedding", "macroF1": %s, "differenceFromFirst": %s},
                          {"method": "logistic regression, genes", "macroF1": %s, "auroc": null, "differenceFromFirst": %s},
                          {"method": "majority class", "macroF1": %s, "auroc": %s, "differenceFromFirst": %s}]}]}
                        """.formatted(
                        score.formatted(.9, .88, .92),
                        score.formatted(.9, .88, .92),
                        score.formatted(.95, .93, .97),
                        score.formatted(.95, .93, .97),
                        confusion,
                        score.formatted(.91, .89, .93),
                        score.formatted(-.01, -.02, .0),
                        score.formatted(.85, .83, .87),
                        score.formatted((low + high) / 2, low, high),
                        score.formatted(.4, .4, .4),
                        score.formatted(.5, .5, .5),
                        score.formatted(.5, .4, .6)));
    }

    private static JsonNode response(String first) throws Exception {
        return JSON.readTree("""
                        {"pairs": 100, "lines": 10, "drugs": 10, "splits": [{"split": "lines", "description": "unseen lines",
                          "seeds": 5, "testPairs": 50, "leastPairsOfAGroup": 5, "methods": [
                            {"method": "%s", "pearson": {"mean": 0.8, "low": 0.78, "high": 0.82},
                             "rmse": {"mean": 1.4, "low": 1.3, "high": 1.5},
                             "pearsonWithinDrugs": {"mean": 0.1, "low": -0.1, "high": 0.3}, "differenceFromFirst": null},
                            {"method": "matrix completion", "pearson": {"mean": 0.9, "low": 0.89, "high": 0.91},
                             "rmse": {"mean": 1.2, "low": 1.1, "high": 1.3},
                             "pearsonWithinDrugs": {"mean": 0.15, "low": -0.05, "high": 0.35}, "differenceFromFirst": {
                               "pearson": {"mean": -0.1, "low": -0.12, "high": -0.08},
                               "pearsonWithinDrugs": {"mean": -0.05, "low": -0.1, "high": 0.02}}}]}]}
                        """.formatted(first));
    }
}
