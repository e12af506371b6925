package org.celllm.tasks.annotate;

import java.util.Locale;

/** The classifiers that a head is put together from, each a logistic regression on one view of the cell. */
public enum HeadMember {
    /** On the embedding alone: what the trunk knows. */
    EMBEDDING,
    /** On log-normalised genes: the wide path. */
    GENES,
    /** On square roots of counts per 10,000: the wide path on the scale where counting noise is even. */
    ROOTS,
    /** On 15 principal components. */
    COMPONENTS,
    /** On 50 principal components. */
    MORE_COMPONENTS,
    /** On the embedding and 15 principal components together. */
    EMBEDDING_AND_COMPONENTS,
    /** On the embedding and 15 principal components, of labels that were spread over all cells ({@link SpreadLabels}). */
    SPREAD,
    /** On 15 principal components, of labels that were spread over them. */
    SPREAD_COMPONENTS;

    /** Those that are fitted on labelled cells alone. */
    public static HeadMember[] usualMembers() {
        return new HeadMember[] {EMBEDDING, GENES, ROOTS, COMPONENTS, MORE_COMPONENTS, EMBEDDING_AND_COMPONENTS};
    }

    /** Those of them that see neither the embedding nor anything made of it. */
    public static HeadMember[] withoutEmbedding() {
        return new HeadMember[] {GENES, ROOTS, COMPONENTS, MORE_COMPONENTS};
    }

    /** Whether it learned from labels that were spread over all cells. */
    boolean isSpread() {
        return this == SPREAD || this == SPREAD_COMPONENTS;
    }

    /** Whether the embedding is in it. */
    boolean readsEmbedding() {
        return switch (this) {
            case EMBEDDING, EMBEDDING_AND_COMPONENTS, SPREAD -> true;
            case GENES, ROOTS, COMPONENTS, MORE_COMPONENTS, SPREAD_COMPONENTS -> false;
        };
    }

    /** Inverse penalties to choose among, ascending. */
    double[] strengths() {
        return switch (this) {
            case GENES -> new double[] {0.3, 3};
            case ROOTS -> new double[] {0.03, 0.3};
            case COMPONENTS, MORE_COMPONENTS -> new double[] {0.01, 0.1, 1};
            case EMBEDDING, EMBEDDING_AND_COMPONENTS -> new double[] {0.001, 0.01, 0.1};
            case SPREAD, SPREAD_COMPONENTS -> new double[] {usual()};
        };
    }

    /** The inverse penalty where there are too few cells to choose. */
    double usual() {
        return switch (this) {
            case GENES -> 1;
            case COMPONENTS, MORE_COMPONENTS -> 0.1;
            case ROOTS -> 0.1;
            case SPREAD, SPREAD_COMPONENTS -> 0.1;
            case EMBEDDING, EMBEDDING_AND_COMPONENTS -> 0.01;
        };
    }

    /** The word for it in files: {@code genes}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
