package org.celllm.tasks.expression;

import org.celllm.training.views.ViewSettings;

/**
 * What is hidden.
 *
 * @param share of a cell's expressed genes, above 0 and below 1; one at least
 * @param seeds seeds 1 to this hide genes of their own
 * @param mostCells of more, a sample is used
 */
public record HiddenSettings(double share, int seeds, int mostCells) {
    public HiddenSettings {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException("a share of " + share + " is not above 0 and below 1");
        }
        if (seeds < 1 || seeds > 1000) {
            throw new IllegalArgumentException(seeds + " seeds are not from 1 to 1000");
        }
        if (mostCells < 1) {
            throw new IllegalArgumentException(mostCells + " cells are too few");
        }
    }

    /** Whole cells at their own depth, but for the hidden genes, whose token is always replaced. */
    ViewSettings views() {
        return new ViewSettings(0, 1, share, 1, 0);
    }
}
