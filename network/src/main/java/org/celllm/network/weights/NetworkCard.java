package org.celllm.network.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.celllm.data.card.ModelCard;
import org.celllm.network.NetworkConfig;

/** The card of a cell language model, from its size and its provenance. */
final class NetworkCard {
    private NetworkCard() {}

    /**
     * Makes the card.
     *
     * @param network its size
     * @param provenance where it came from; what is not there is left out of the card
     */
    static ModelCard of(NetworkConfig network, JsonNode provenance) {
        ModelCard card = new ModelCard("Cell language model, " + ModelCard.whole(network.parameters()) + " parameters");
        card.paragraph("Maps the expressed genes of a cell to an encoding (CellLM, arXiv 2306.04371). "
                + (provenance.has("made_by")
                        ? "Made by `" + provenance.path("made_by").asText() + "`."
                        : "It does not say what it was made by."));
        size(card, network);
        boolean tuned = provenance.has("from");
        JsonNode origin = tuned ? provenance.path("from") : provenance;
        data(card, origin.path("corpus"));
        training(card, origin.path("run").path("settings"));
        if (tuned) {
            card.section("Fine-tuning")
                    .point("trained since: "
                            + provenance.path("fine_tuning").path("trained").asText("not said what"));
        } else {
            scores(card, origin.path("metrics").path("validation"));
        }
        limits(card, origin);
        return card;
    }

    private static void size(ModelCard card, NetworkConfig network) {
        card.section("Size")
                .point(network.depth() + " layers of " + network.dim() + ", " + network.heads() + " heads of "
                        + network.headDim()
                        + (network.features() > 0 ? ", " + network.features() + " random features" : ""))
                .point(ModelCard.whole(network.genes()) + " genes, at most " + ModelCard.whole(network.maxLength())
                        + " expressed ones a cell");
    }

    private static void data(ModelCard card, JsonNode corpus) {
        if (corpus.path("sources").isEmpty()) {
            return;
        }
        card.section("Data");
        String hash = corpus.path("hash").asText("");
        card.paragraph(ModelCard.whole(corpus.path("cells").asLong()) + " cells"
                + (hash.isEmpty() ? "" : ", corpus " + shortened(hash)) + "; genes: "
                + corpus.path("geneRule").asText("not said"));
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode source : corpus.path("sources")) {
            JsonNode disease = source.path("disease");
            rows.add(List.of(
                    source.path("name").asText(),
                    ModelCard.whole(source.path("cellsKept").asLong()),
                    source.path("tissue").asText("unknown"),
                    ModelCard.whole(disease.path("normal").asLong()),
                    ModelCard.whole(disease.path("cancer").asLong()),
                    source.path("state").asText("not said"),
                    shortened(source.path("sha256").asText("not read"))));
        }
        card.table(List.of("source", "cells", "tissue", "normal", "cancer", "values", "SHA-256"), rows);
    }

    private static void training(ModelCard card, JsonNode settings) {
        if (settings.isMissingNode()) {
            return;
        }
        JsonNode objectives = settings.path("objectives");
        card.section("Training")
                .point(ModelCard.whole(settings.path("steps").asLong()) + " steps of "
                        + ModelCard.whole(settings.path("batch").asLong()) + " cells, seed "
                        + settings.path("seed").asText())
                .point("weights: masked expression " + objectives.path("masked").asText() + ", normal against cancer "
                        + objectives.path("disease").asText() + ", contrastive "
                        + objectives.path("contrastive").asText())
                .point("gene embeddings begin from "
                        + settings.path("genes").asText().toLowerCase(Locale.ROOT)
                        + (settings.path("model").path("trainGenes").asBoolean(true) ? "" : " and are not trained"));
    }

    private static void scores(ModelCard card, JsonNode validation) {
        if (validation.isMissingNode()) {
            return;
        }
        card.section("Scores");
        List<List<String>> rows = new ArrayList<>();
        add(rows, "masked expression told right", validation, "maskedRight");
        add(rows, "the commonest bin alone", validation, "commonest");
        add(rows, "normal or cancer told right", validation, "diseaseRight");
        add(rows, "own second view found in a batch", validation, "retrieved");
        card.paragraph("On " + ModelCard.whole(validation.path("cells").asLong())
                + " cells of the same sources that were not trained on; one run, no interval.");
        card.table(List.of("what", "share"), rows);
    }

    private static void limits(ModelCard card, JsonNode provenance) {
        card.section("Limits");
        for (JsonNode note : provenance.path("notes")) {
            card.point(note.asText());
        }
        if (provenance.path("corpus").path("sources").size() > 0) {
            card.point("Cells of tissues, technologies or species other than the sources above were not tried.");
        }
        card.point(
                "A vector says which cells are alike, not why. Score what is built on it beside logistic regression on"
                        + " genes and principal components: `celllm evaluate annotation`.");
        card.point("Not for decisions about patients.");
    }

    private static void add(List<List<String>> rows, String what, JsonNode scores, String field) {
        if (scores.path(field).isNumber()) {
            rows.add(List.of(what, ModelCard.figure(scores.path(field).asDouble())));
        }
    }

    private static String shortened(String hash) {
        return hash.length() > 12 ? hash.substring(0, 12) + "…" : hash;
    }
}
