package org.celllm.network;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * What stands around the encoder, and what is trained.
 *
 * @param projection width of the projection head whose output the contrastive loss compares, 0 for none: then the
 *     pooled encoding itself is compared
 * @param trainGenes whether the gene table is trained; the published network freezes it
 * @param pooling which vector stands for a cell: the one that the contrastive objective compared
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModelOptions(int projection, boolean trainGenes, Pooling pooling) {
    /** No projection head, frozen gene table, CLS: as published. */
    public static final ModelOptions PUBLISHED = new ModelOptions(0, false, Pooling.CLS);

    /** Models that were written before they said so were trained on CLS. */
    public ModelOptions(int projection, boolean trainGenes, @Nullable Pooling pooling) {
        if (projection < 0 || projection > 65_536) {
            throw new IllegalArgumentException("projection is " + projection + "; expected 0 to 65536");
        }
        this.projection = projection;
        this.trainGenes = trainGenes;
        this.pooling = pooling == null ? Pooling.CLS : pooling;
    }

    /** The same with another vector for a cell. */
    public ModelOptions with(Pooling other) {
        return new ModelOptions(projection, trainGenes, other);
    }
}
