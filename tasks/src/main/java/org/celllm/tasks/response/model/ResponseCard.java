package org.celllm.tasks.response.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.card.ModelCard;
import org.celllm.tasks.response.ResponseMeasure;

/** The card of a response model for people, from the one for programs. */
final class ResponseCard {
    private ResponseCard() {}

    /**
     * Makes the card.
     *
     * @param json pairs, lines, drugs, held-out scores and limits; what is not there is left out of the card
     */
    static ModelCard of(JsonNode json) {
        ModelCard card = new ModelCard("Drug response of cell lines");
        card.paragraph(
                "Predicts the ln IC50 of a cell line, described by its expression, to a drug, described by its SMILES.");
        if (json.has("pairs")) {
            card.section("Data")
                    .point(ModelCard.whole(json.path("pairs").asLong()) + " measured pairs of "
                            + ModelCard.whole(json.path("lines").asLong()) + " lines and "
                            + ModelCard.whole(json.path("drugs").asLong()) + " drugs");
        }
        JsonNode held = json.path("heldOut");
        if (!held.isEmpty()) {
            card.section("Scores");
            card.paragraph(
                    "Pairs that were set aside, seed " + json.path("seed").asText()
                            + ": unseen are the pairs, the lines, the drugs, or lines and drugs both.");
            List<String> columns = new ArrayList<>(List.of("set aside", "method", "pairs"));
            for (ResponseMeasure measure : ResponseMeasure.values()) {
                columns.add(measure.word());
            }
            List<List<String>> rows = new ArrayList<>();
            held.properties()
                    .forEach(kind -> kind.getValue().properties().forEach(method -> {
                        JsonNode pairs = method.getValue().path("pairs");
                        List<String> row = new ArrayList<>(List.of(
                                kind.getKey(),
                                method.getKey(),
                                pairs.isNumber() ? ModelCard.whole(pairs.asLong()) : ""));
                        for (ResponseMeasure measure : ResponseMeasure.values()) {
                            JsonNode value = method.getValue().path(measure.word());
                            row.add(value.isNumber() ? ModelCard.figure(value.asDouble()) : "");
                        }
                        rows.add(row);
                    }));
            card.table(columns, rows);
        }
        card.section("Limits");
        if (json.has("limits")) {
            card.paragraph(json.path("limits").asText());
        }
        card.point("Not for decisions about patients.");
        return card;
    }
}
