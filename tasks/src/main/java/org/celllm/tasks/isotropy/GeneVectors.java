package org.celllm.tasks.isotropy;

import org.celllm.data.cells.CellBatch;
import org.celllm.data.features.ExpressionRows;
import org.celllm.data.features.GeneScaling;
import org.celllm.data.features.SparseRows;
import org.celllm.training.views.CellViews;

/**
 * Log-normalised expression itself, log1p of counts per 10,000 of the genes that vary most: no more of them than the
 * widest network has dimensions, so that ranks can be compared and all pairs of cells be visited.
 *
 * @param vocabulary genes that the cells are over
 * @param genes [kept] those that vary most, ascending
 */
record GeneVectors(int vocabulary, int[] genes) implements CellVectors {
    /** How many genes are kept. */
    static final int MOST_GENES = 512;

    /** Chooses the genes that vary most among the cells. */
    static GeneVectors fit(CellBatch cells, int vocabulary) {
        SparseRows expression = ExpressionRows.of(cells, vocabulary);
        return new GeneVectors(
                vocabulary,
                GeneScaling.fit(expression, MOST_GENES, GeneScaling.USUAL_CLIP).genes());
    }

    @Override
    public int dim() {
        return genes.length;
    }

    @Override
    public float[][] whole(CellBatch cells) {
        return dense(ExpressionRows.of(cells, vocabulary));
    }

    @Override
    public float[][] views(CellViews views, CellBatch cells, int from, int to) {
        return dense(views.expression(cells, from, to, 0));
    }

    @Override
    public void close() {}

    private float[][] dense(SparseRows expression) {
        SparseRows kept = expression.columnsOf(genes);
        float[][] rows = new float[kept.rows()][genes.length];
        for (int row = 0; row < rows.length; row++) {
            for (int i = kept.offsets()[row]; i < kept.offsets()[row + 1]; i++) {
                rows[row][kept.indices()[i]] = kept.values()[i];
            }
        }
        return rows;
    }
}
