package org.celllm.tasks.isotropy;

import org.celllm.training.views.ViewSettings;

/**
 * How representations are compared.
 *
 * @param seeds how many; seed 1 … seeds decides the views and, where the file has more cells than are used, which cells
 * @param mostCells cells of a file that a seed uses at most
 * @param views what is hidden and thinned, the same for all models; nothing is masked and there is no dropout
 */
public record IsotropySettings(int seeds, int mostCells, ViewSettings views) {
    /**
     * @throws IllegalArgumentException for no seed, fewer than two cells, or views with masks or dropout
     */
    public IsotropySettings {
        if (seeds < 1) {
            throw new IllegalArgumentException(seeds + " seeds; expected 1 or more");
        }
        if (mostCells < 2) {
            throw new IllegalArgumentException(mostCells + " cells; expected 2 or more");
        }
        if (views.mask() > 0 || views.dropout() > 0) {
            throw new IllegalArgumentException("views are compared without masks and dropout");
        }
    }

    /** Of views that hide and thin as given. */
    public static IsotropySettings of(int seeds, int mostCells, double hide, double thin) {
        return new IsotropySettings(
                seeds, mostCells, new ViewSettings(hide, thin, 0, ViewSettings.DEFAULT.replaced(), 0));
    }
}
