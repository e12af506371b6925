package org.celllm.tasks.isotropy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.weights.StoredModel;

/**
 * What the references take from the first model.
 *
 * @param genes its vocabulary
 * @param network its size
 * @param options its heads and pooling
 */
record FirstModel(GeneVocabulary genes, NetworkConfig network, ModelOptions options) {
    static FirstModel of(StoredModel stored) {
        return new FirstModel(
                stored.genes(), stored.model().config(), stored.model().options());
    }

    /** Of a network with random weights. */
    JsonNode provenance() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Whether views for another model show the same genes. */
    boolean seesAlike(StoredModel other) {
        return genes.names().equals(other.genes().names())
                && network.maxLength() == other.model().config().maxLength();
    }
}
