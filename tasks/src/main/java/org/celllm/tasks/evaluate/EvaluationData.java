package org.celllm.tasks.evaluate;

import java.util.List;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.GeneScaling;
import org.celllm.data.features.PrincipalComponents;
import org.celllm.data.features.ShiftedRows;
import org.celllm.data.features.SparseRows;
import org.celllm.data.features.Standardisation;
import org.celllm.tasks.annotate.HeadFeatures;
import org.celllm.tasks.labels.CellLabels;

/**
 * All that methods may look at: every cell's expression (components, scaling and standardisation are of all cells, as
 * they need no labels and a pre-trained model may have seen the cells too) and the labels, of which a method is to use
 * those of its training cells only.
 *
 * @param cellNames [cells]
 * @param labels [cells]
 * @param head what the model's head reads; its genes, log-normalised, are all genes of the file
 * @param encoded the embedding as the encoder gives it
 * @param scaled the 2,000 most variable genes, scaled and clipped
 */
public record EvaluationData(
        List<String> cellNames, CellLabels labels, HeadFeatures head, DenseRows encoded, ShiftedRows scaled) {
    private static final int COMPONENTS = 50;

    public EvaluationData {
        cellNames = List.copyOf(cellNames);
        if (cellNames.size() != head.rows()
                || labels.codes().length != head.rows()
                || scaled.rows() != head.rows()
                || encoded.rows() != head.rows()) {
            throw new IllegalArgumentException("names, labels and features describe different cells");
        }
    }

    /**
     * Computes what the methods share.
     *
     * @param genes log-normalised expression over all genes of the file
     * @param embedding of the same cells, as the encoder gives it
     * @param seed of the components' random start
     */
    public static EvaluationData of(
            List<String> cellNames, CellLabels labels, SparseRows genes, DenseRows embedding, long seed) {
        GeneScaling scaling = GeneScaling.fit(genes, GeneScaling.USUAL_GENES, GeneScaling.USUAL_CLIP);
        DenseRows components =
                PrincipalComponents.fit(scaling, genes, COMPONENTS, seed).apply(genes);
        DenseRows standardised = Standardisation.fit(embedding).apply(embedding);
        return new EvaluationData(
                cellNames, labels, new HeadFeatures(standardised, genes, components), embedding, scaling.apply(genes));
    }
}
