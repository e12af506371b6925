package org.celllm.tasks.annotate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.card.ModelCard;

/** The card of an annotator, from the report that stands beside it. */
final class AnnotatorCard {
    private AnnotatorCard() {}

    /**
     * Makes the card.
     *
     * @param labels the classes' names
     * @param report what was fitted on what, and the held-out scores; what is not there is left out of the card
     */
    static ModelCard of(List<String> labels, JsonNode report) {
        ModelCard card = new ModelCard("Annotator of " + labels.size() + " labels");
        card.paragraph(
                "Names cells: " + String.join(", ", labels) + ". The cell language model it reads cells with is in `"
                        + AnnotatorFolder.MODEL + "/`, with a card of its own.");
        data(card, report);
        head(card, report);
        scores(card, report);
        limits(card, report);
        return card;
    }

    private static void data(ModelCard card, JsonNode report) {
        if (!report.has("cellsUsed")) {
            return;
        }
        card.section("Data")
                .point(ModelCard.whole(report.path("cellsUsed").asLong()) + " cells, "
                        + report.path("values").asText() + "; fitted on "
                        + ModelCard.whole(report.path("fittedOn").asLong()) + " labelled ones")
                .point(report.path("genes").asText());
        List<List<String>> rows = new ArrayList<>();
        for (var entry : report.path("classes").properties()) {
            rows.add(List.of(entry.getKey(), ModelCard.whole(entry.getValue().asLong())));
        }
        card.paragraph("");
        card.table(List.of("label", "cells"), rows);
    }

    private static void head(ModelCard card, JsonNode report) {
        JsonNode members = report.path("head").path("members");
        JsonNode tuning = report.path("fineTuning");
        if (!members.isEmpty()) {
            card.section("Head");
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode member : members) {
                if (member.path("weight").asDouble() == 0) {
                    continue;
                }
                rows.add(List.of(
                        member.path("member").asText().replace('_', ' '),
                        ModelCard.figure(member.path("weight").asDouble()),
                        member.path("strength").asText()));
            }
            card.table(List.of("logistic regression on", "weight", "inverse penalty"), rows);
        } else if (!tuning.isMissingNode()) {
            card.section("Head")
                    .point("the published classifier, fine-tuned: "
                            + tuning.path("trained").asText() + ", Adam at "
                            + tuning.path("learningRate").asText() + ", "
                            + tuning.path("epochs").size() + " epochs");
        }
    }

    private static void scores(ModelCard card, JsonNode report) {
        JsonNode methods = report.path("methods");
        if (methods.isEmpty()) {
            return;
        }
        card.section("Scores");
        card.paragraph("Macro-F1 and accuracy with 95% intervals, "
                + report.path("protocol").asText() + ".");
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode method : methods) {
            rows.add(List.of(
                    method.path("method").asText(),
                    interval(method.path("macroF1")),
                    interval(method.path("accuracy"))));
        }
        card.table(List.of("method", "macro-F1", "accuracy"), rows);
    }

    private static void limits(ModelCard card, JsonNode report) {
        card.section("Limits")
                .point(
                        "It knows its labels only. A cell of another type gets one of them, or stays unassigned where none is"
                                + " probable enough; not every such cell does.");
        if (report.path("methods").isEmpty()) {
            card.point("It was not scored: there were too few labels to hold any out, or it was imported.");
        } else {
            card.point(
                    "Scores are of cells of the same file. Other donors, technologies and laboratories cost more: score them"
                            + " with `--leave-out` of `celllm evaluate annotation` or `sensitivity`, and heed what `predict` says"
                            + " of differences.");
        }
        if (report.path("duplicates").asLong() > 0) {
            card.point(ModelCard.whole(report.path("duplicates").asLong())
                    + " held-out cells have the very values of a cell that was trained on.");
        }
        card.point("Not for decisions about patients.");
    }

    private static String interval(JsonNode interval) {
        String mean = ModelCard.figure(interval.path("mean").asDouble());
        return interval.path("n").asInt() < 2
                ? mean
                : mean + " [" + ModelCard.figure(interval.path("low").asDouble()) + ", "
                        + ModelCard.figure(interval.path("high").asDouble()) + "]";
    }
}
