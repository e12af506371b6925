package org.celllm.training.genes;

/** What the embeddings of the genes begin as; training then changes them. */
public enum GeneEmbeddings {
    /** Which genes go together in the training cells: {@link GeneCoexpression}. */
    COEXPRESSION,
    /** Random numbers. */
    RANDOM,
    /** A table learnt elsewhere: {@link ImportedGenes}. */
    IMPORTED,
    /** Those of the model that training goes on from, with all its other weights. */
    TRAINED
}
