package org.celllm.tasks.annotate;

import org.celllm.data.features.DenseRows;
import org.celllm.data.features.FeatureRows;
import org.celllm.data.features.SparseRows;

/**
 * What the head of an annotator reads of each cell.
 *
 * @param embedding [cells, dim] from the frozen trunk, standardised: the deep path
 * @param genes [cells, genes] log-normalised expression: the wide path
 * @param components [cells, ≤ 50] principal components of the genes that {@link LabelledCells#scaling} chose: the wide path after
 *     compression
 */
public record HeadFeatures(DenseRows embedding, SparseRows genes, DenseRows components) {
    public HeadFeatures {
        if (genes.rows() != embedding.rows() || components.rows() != embedding.rows()) {
            throw new IllegalArgumentException("the paths describe " + embedding.rows() + ", " + genes.rows() + " and "
                    + components.rows() + " cells");
        }
    }

    /** Cells. */
    public int rows() {
        return embedding.rows();
    }

    /** Some cells, in the given order. */
    public HeadFeatures select(int[] rows) {
        return new HeadFeatures(embedding.select(rows), genes.select(rows), components.select(rows));
    }

    /** The features one member reads. */
    FeatureRows of(HeadMember member) {
        return switch (member) {
            case EMBEDDING -> embedding;
            case GENES -> genes;
            case ROOTS -> genes.logarithmsToRoots();
            case COMPONENTS, SPREAD_COMPONENTS -> fifteen();
            case EMBEDDING_AND_COMPONENTS, SPREAD -> embedding.beside(fifteen());
        };
    }

    private DenseRows fifteen() {
        return components.firstColumns(Math.min(15, components.columns()));
    }
}
