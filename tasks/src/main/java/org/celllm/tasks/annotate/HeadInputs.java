package org.celllm.tasks.annotate;

import java.util.BitSet;
import org.celllm.data.features.AbsentGenes;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.GeneScaling;
import org.celllm.data.features.PrincipalComponents;
import org.celllm.data.features.SparseRows;
import org.celllm.data.features.Standardisation;
import org.celllm.data.genes.GeneVocabulary;

/**
 * How the head's features are made of a cell: fitted once, stored with the annotator.
 *
 * @param genes of the wide path, in order
 * @param components over those genes
 * @param standardisation of the embedding
 */
public record HeadInputs(GeneVocabulary genes, PrincipalComponents components, Standardisation standardisation) {
    /** Components kept for the baselines; the head reads the first 15. */
    public static final int COMPONENTS = 50;

    /**
     * Fits on cells, labelled or not.
     *
     * @param scaling the genes that components are taken of
     * @param expression [cells, genes] log-normalised
     * @param embedding [cells, dim] as the encoder gives it
     */
    public static HeadInputs fit(
            GeneVocabulary genes, GeneScaling scaling, SparseRows expression, DenseRows embedding, long seed) {
        return new HeadInputs(
                genes, PrincipalComponents.fit(scaling, expression, COMPONENTS, seed), Standardisation.fit(embedding));
    }

    /** The same, on cells of a file. */
    public static HeadInputs fit(LabelledCells cells, long seed) {
        return fit(cells.genes(), cells.scaling(), cells.expression(), cells.embedding(), seed);
    }

    /**
     * The features of cells of a file that may lack genes.
     *
     * @param measured those of {@link #genes} that the file has
     */
    public HeadFeatures features(SparseRows expression, BitSet measured, DenseRows embedding) {
        return features(AbsentGenes.fill(expression, measured, components), embedding);
    }

    /** The features of cells whose genes were all measured. */
    public HeadFeatures features(SparseRows expression, DenseRows embedding) {
        return new HeadFeatures(standardisation.apply(embedding), expression, components.apply(expression));
    }
}
