package org.celllm.tasks.isotropy;

/**
 * What one seed measured of one representation.
 *
 * @param spread of the embeddings of whole cells
 * @param views of the embeddings of two views of each cell
 */
public record Isotropy(Spread spread, ViewAgreement views) {}
