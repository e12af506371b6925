package org.celllm.training.objective;

import java.util.Set;
import java.util.TreeSet;

/**
 * How the contrastive objective compares cells.
 *
 * @param kind which loss
 * @param temperature that similarities are divided by: at all times, or at first where it is learned
 * @param learned whether the temperature is learned
 * @param exclude which pairs of different cells are not negatives
 */
public record Contrast(Kind kind, double temperature, boolean learned, Set<Exclusion> exclude) {
    /** InfoNCE at a gentler temperature than the published 0.05 ({@code docs/experiments.md}). */
    public static final Contrast DEFAULT = new Contrast(Kind.INFONCE, 0.1, false, Set.of());

    /** Which loss. */
    public enum Kind {
        /** {@link InfoNce}. */
        INFONCE,
        /** {@link SigLip}. */
        SIGLIP;

        /** The loss itself. */
        public ContrastiveLoss loss() {
            return this == INFONCE ? new InfoNce() : new SigLip();
        }
    }

    /** Why two cells are not negatives of each other. */
    public enum Exclusion {
        /** They have the same label in the corpus. */
        LABEL,
        /** They are near-duplicates ({@link org.celllm.data.cells.NearDuplicates}). */
        DUPLICATES,
        /** They are of different sources: where sources are batches, telling these apart is nothing to learn. */
        SOURCES
    }

    public Contrast {
        if (!(temperature > 0) || !Double.isFinite(temperature)) {
            throw new IllegalArgumentException("temperature must be greater than 0, not " + temperature);
        }
        // In a fixed order, since it is written down.
        exclude = java.util.Collections.unmodifiableSet(new TreeSet<>(exclude));
    }

    /** The same at another temperature. */
    public Contrast at(double other) {
        return new Contrast(kind, other, learned, exclude);
    }
}
