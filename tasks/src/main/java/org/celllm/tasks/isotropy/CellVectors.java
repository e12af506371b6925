package org.celllm.tasks.isotropy;

import org.celllm.data.cells.CellBatch;
import org.celllm.training.views.CellViews;

/** Makes vectors of cells: a model, or expression itself. */
interface CellVectors extends AutoCloseable {
    /** Width of a vector. */
    int dim();

    /**
     * The vectors of cells of which nothing is hidden.
     *
     * @return [cells][dim]
     */
    float[][] whole(CellBatch cells);

    /**
     * The vectors of the views of the cells {@code from … to − 1} of a batch.
     *
     * @return [(to − from) · 2][dim] all first views, then all second ones
     */
    float[][] views(CellViews views, CellBatch cells, int from, int to);

    @Override
    void close();
}
