package org.celllm.network;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What stands around the encoder, and what is trained.
 *
 * @param projection width of the projection head whose output the contrastive loss compares, 0 for none: then the
 *     pooled encoding itself is compared
 * @param trainGenes whether the gene table is trained; the published network freezes it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ModelOptions(int projection, boolean trainGenes) {
    /** No projection head, frozen gene table: as published. */
    public static final ModelOptions PUBLISHED = new ModelOptions(0, false);

    public ModelOptions {
        if (projection < 0 || projection > 65_536) {
            throw new IllegalArgumentException("projection is " + projection + "; expected 0 to 65536");
        }
    }
}
