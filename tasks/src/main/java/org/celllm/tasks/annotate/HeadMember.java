package org.celllm.tasks.annotate;

import java.util.List;
import java.util.Locale;

/** The classifiers that a head is put together from, each a logistic regression on one view of the cell. */
public enum HeadMember {
    /** On the embedding alone: what the trunk knows. */
    EMBEDDING(List.of(0.001, 0.01, 0.1), 0.01),
    /** On log-normalised genes: the wide path. */
    GENES(List.of(0.3, 3.0), 3),
    /** On 15 principal components. */
    COMPONENTS(List.of(0.01, 0.1, 1.0), 0.1),
    /** On the embedding and 15 principal components together. */
    EMBEDDING_AND_COMPONENTS(List.of(0.001, 0.01, 0.1), 0.01);

    private final List<Double> strengths;
    private final double usual;

    HeadMember(List<Double> strengths, double usual) {
        this.strengths = strengths;
        this.usual = usual;
    }

    /** Inverse penalties to choose among, ascending. */
    List<Double> strengths() {
        return strengths;
    }

    /** The inverse penalty where there are too few cells to choose. */
    double usual() {
        return usual;
    }

    /** The word for it in files: {@code genes}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
