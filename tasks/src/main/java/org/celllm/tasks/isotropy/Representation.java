package org.celllm.tasks.isotropy;

import java.nio.file.Path;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.NetworkConfig;
import org.celllm.network.Pooling;
import org.celllm.network.weights.StoredModel;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.EmbedSettings;
import org.jspecify.annotations.Nullable;

/**
 * One of those that are compared.
 *
 * @param name in tables
 * @param folder of the model, {@code null} for a reference
 * @param pooling which vector stands for a cell, {@code null} where there is no encoder
 * @param genes that its cells are over
 * @param network whose longest sequence bounds the views
 * @param seeded whether the vectors of whole cells depend on the seed
 * @param source makes the vectors
 */
record Representation(
        String name,
        @Nullable Path folder,
        @Nullable Pooling pooling,
        GeneVocabulary genes,
        NetworkConfig network,
        boolean seeded,
        Source source) {
    /** Makes vectors, fitted to the cells or drawn by the seed where need be. */
    @FunctionalInterface
    interface Source {
        CellVectors on(CellBatch cells, long seed);
    }

    /** A trained model; the embedder stays open until its owner closes it. */
    static Representation model(ComparedModel model, CellEmbedder embedder) {
        return new Representation(
                model.name(),
                model.folder(),
                embedder.pooling(),
                embedder.genes(),
                embedder.network(),
                false,
                (cells, seed) -> new ModelVectors(embedder, false));
    }

    /** The genes that the first model reads. */
    static Representation genes(FirstModel first) {
        return new Representation(
                ComparedModel.GENES,
                null,
                null,
                first.genes(),
                first.network(),
                false,
                (cells, seed) -> GeneVectors.fit(cells, first.genes().size()));
    }

    /** A network like the first model's with weights that each seed draws anew. */
    static Representation untrained(FirstModel first, EmbedSettings settings) {
        Pooling asked = settings.pooling();
        return new Representation(
                ComparedModel.UNTRAINED,
                null,
                asked == null ? first.options().pooling() : asked,
                first.genes(),
                first.network(),
                true,
                (cells, seed) -> {
                    CellLanguageModel model =
                            CellLanguageModel.create(first.network(), first.options(), seed, settings.precision());
                    return new ModelVectors(
                            CellEmbedder.of(new StoredModel(model, first.genes(), first.provenance()), settings), true);
                });
    }
}
