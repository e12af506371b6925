package org.celllm.network.weights;

import com.fasterxml.jackson.databind.JsonNode;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.network.CellLanguageModel;

/**
 * A model as it was read from its folder.
 *
 * @param model the network with its weights; closed with this
 * @param genes the genes of its table, in order
 * @param provenance where it came from: data, settings, versions, seed, figures
 */
public record StoredModel(CellLanguageModel model, GeneVocabulary genes, JsonNode provenance) implements AutoCloseable {
    public StoredModel {
        if (genes.size() != model.config().genes()) {
            throw new IllegalArgumentException(
                    genes.size() + " genes for a network with " + model.config().genes());
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
