package org.celllm.data.corpus;

import org.celllm.data.cells.Disease;

/**
 * How many cells are of each disease.
 *
 * @param normal normal cells
 * @param cancer malignant cells
 * @param unknown cells nobody said anything about
 */
public record DiseaseCounts(long normal, long cancer, long unknown) {
    /** No cells. */
    public static final DiseaseCounts NONE = new DiseaseCounts(0, 0, 0);

    /** With one more cell. */
    DiseaseCounts plus(Disease disease) {
        return switch (disease) {
            case NORMAL -> new DiseaseCounts(normal + 1, cancer, unknown);
            case CANCER -> new DiseaseCounts(normal, cancer + 1, unknown);
            case UNKNOWN -> new DiseaseCounts(normal, cancer, unknown + 1);
        };
    }

    /** All of them. */
    public long total() {
        return normal + cancer + unknown;
    }

    /** Both together. */
    public DiseaseCounts plus(DiseaseCounts other) {
        return new DiseaseCounts(normal + other.normal, cancer + other.cancer, unknown + other.unknown);
    }
}
