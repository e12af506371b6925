package org.celllm.tasks.annotate;

import org.celllm.data.features.DenseRows;
import org.celllm.data.features.FeatureRows;
import org.celllm.data.features.SparseRows;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an annotator reads of each cell.
 *
 * @param embedding [cells, dim] from the frozen trunk, standardised: the deep path
 * @param genes [cells, genes] log-normalised expression: the wide path
 * @param components [cells, ≤ 50] principal components of the genes that {@link LabelledCells#scaling} chose: the wide path after
 *     compression
 * @param usualComponents [cells, ≤ 50] those of the genes of greatest variance, by which cells are joined as well where labels are
 *     few ({@link SpreadLabels}); {@code null} where no head will be fitted, or they are the same
 */
public record HeadFeatures(
        DenseRows embedding,
        SparseRows genes,
        DenseRows components,
        @Nullable DenseRows usualComponents) {
    public HeadFeatures {
        if (genes.rows() != embedding.rows()
                || components.rows() != embedding.rows()
                || (usualComponents != null && usualComponents.rows() != embedding.rows())) {
            throw new IllegalArgumentException("the paths describe " + embedding.rows() + ", " + genes.rows() + " and "
                    + components.rows() + " cells");
        }
    }

    /** What a fitted head reads, to whom nothing is joined any more. */
    public HeadFeatures(DenseRows embedding, SparseRows genes, DenseRows components) {
        this(embedding, genes, components, null);
    }

    /** The same, with the components that baselines read. */
    public HeadFeatures withUsual(DenseRows usual) {
        return new HeadFeatures(embedding, genes, components, usual);
    }

    /** Cells. */
    public int rows() {
        return embedding.rows();
    }

    /** Some cells, in the given order. */
    public HeadFeatures select(int[] rows) {
        return new HeadFeatures(
                embedding.select(rows),
                genes.select(rows),
                components.select(rows),
                usualComponents == null ? null : usualComponents.select(rows));
    }

    /** The features one member reads. */
    FeatureRows of(HeadMember member) {
        return switch (member) {
            case EMBEDDING -> embedding;
            case GENES -> genes;
            case ROOTS -> genes.logarithmsToRoots();
            case COMPONENTS, SPREAD_COMPONENTS -> fifteen();
            case MORE_COMPONENTS -> components;
            case EMBEDDING_AND_COMPONENTS, SPREAD -> embedding.beside(fifteen());
        };
    }

    private DenseRows fifteen() {
        return components.firstColumns(Math.min(15, components.columns()));
    }
}
