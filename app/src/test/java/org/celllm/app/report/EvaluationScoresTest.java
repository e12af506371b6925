package org.celllm.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class EvaluationScoresTest {
    @Test
    void theModelIsMarkedAndDifferencesAreShown() throws Exception {
        ReportPage.ScoreBoard board = EvaluationScores.board("pbmc", evaluation());

        assertThat(board.metrics()).hasSize(3);
        assertThat(board.methods()).extracting(ReportPage.MethodScores::model).containsExactly(true, false);
        assertThat(board.methods().get(0).scores().get(0)).isEqualTo(new ReportPage.Score(.9, .88, .92));
        assertThat(board.methods().get(1).scores().get(2)).isEqualTo(new ReportPage.Score(.8, null, null));
        assertThat(board.note()).contains("5 folds × 5 seeds").contains("30 labelled cells");
    }

    @Test
    void unassignedCellsStandInTheLastColumn() throws Exception {
        ReportPage.Confusion matrix = EvaluationScores.confusions(evaluation()).get(0);

        assertThat(matrix.columns()).containsExactly("A", "B", "unassigned");
        assertThat(matrix.counts()).isDeepEqualTo(new long[][] {{10, 1, 0}, {2, 15, 2}});
    }

    private static JsonNode evaluation() throws Exception {
        return new ObjectMapper().readTree("""
                        {"protocol": "5 folds × 5 seeds", "cells": 30, "labels": ["A", "B"], "methods": [
                          {"method": "model", "macroF1": {"mean": 0.9, "low": 0.88, "high": 0.92, "n": 5},
                           "accuracy": {"mean": 0.95, "low": null, "high": null, "n": 1}, "differenceFromFirst": null,
                           "confusion": {"labels": ["A", "B"], "counts": [[10, 1], [2, 15]], "unassigned": [0, 2]}},
                          {"method": "majority class", "macroF1": {"mean": 0.1, "low": 0.1, "high": 0.1, "n": 5},
                           "accuracy": {"mean": 0.4, "low": 0.4, "high": 0.4, "n": 5},
                           "differenceFromFirst": {"mean": 0.8, "low": null, "high": null, "n": 1}}]}
                        """);
    }
}
