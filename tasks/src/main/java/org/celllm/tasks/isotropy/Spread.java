package org.celllm.tasks.isotropy;

/**
 * How the embeddings of cells spread over the space: evenly, or in a narrow cone (Ethayarajh, arXiv 1909.00512; Gao et
 * al., arXiv 1907.12009). All of it is of the embeddings' directions; cells without one (all zeros) are left out.
 *
 * @param cells with a direction
 * @param meanCosine between the embeddings of different cells, over all pairs: 0 where they spread evenly, 1 where all
 *     point the same way; NaN for fewer than two cells
 * @param spectrum singular values of the [cells, dim] matrix of directions
 * @param centred the same with the mean direction subtracted: what is left once the cone's axis is taken away
 */
public record Spread(int cells, double meanCosine, Spectrum spectrum, Spectrum centred) {
    /**
     * Measures.
     *
     * @param embeddings [cells][dim], of any length
     * @throws IllegalArgumentException when a number is not finite
     */
    public static Spread of(float[][] embeddings) {
        GramMatrix gram = GramMatrix.of(Directions.of(embeddings));
        return new Spread(gram.rows(), gram.meanCosine(), gram.spectrum(), gram.centred());
    }
}
