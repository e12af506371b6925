package org.celllm.tasks.isotropy;

import org.celllm.data.cells.CellBatch;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.training.views.CellViews;

/**
 * Vectors of an encoder.
 *
 * @param embedder open
 * @param owned whether it is closed with this
 */
record ModelVectors(CellEmbedder embedder, boolean owned) implements CellVectors {
    @Override
    public int dim() {
        return embedder.dim();
    }

    @Override
    public float[][] whole(CellBatch cells) {
        return embedder.embed(cells);
    }

    @Override
    public float[][] views(CellViews views, CellBatch cells, int from, int to) {
        return embedder.embed(views.of(cells, from, to, 0).sequences());
    }

    @Override
    public void close() {
        if (owned) {
            embedder.close();
        }
    }
}
