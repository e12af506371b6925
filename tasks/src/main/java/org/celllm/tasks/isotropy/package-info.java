/**
 * How embeddings spread over the space: the narrow cone that the CellLM paper (arXiv 2306.04371) gives as the reason for
 * its contrastive objective, measured. {@link org.celllm.tasks.isotropy.Spread} says it of whole cells (mean cosine,
 * {@link org.celllm.tasks.isotropy.Spectrum}), {@link org.celllm.tasks.isotropy.ViewAgreement} of two views of each cell
 * (alignment, uniformity); {@link org.celllm.tasks.isotropy.IsotropyEvaluation} compares models with both, beside genes
 * and a network with random weights, and {@link org.celllm.tasks.isotropy.IsotropyScores} is what comes of it.
 */
@NullMarked
package org.celllm.tasks.isotropy;

import org.jspecify.annotations.NullMarked;
