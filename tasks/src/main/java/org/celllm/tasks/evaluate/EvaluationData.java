package org.celllm.tasks.evaluate;

import java.util.List;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.PrincipalComponents;
import org.celllm.data.features.ShiftedRows;
import org.celllm.data.features.SparseRows;
import org.celllm.data.features.Standardisation;
import org.celllm.tasks.annotate.HeadFeatures;
import org.celllm.tasks.annotate.HeadInputs;
import org.celllm.tasks.annotate.LabelledCells;
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
 * @param genes log-normalised expression: for baselines
 * @param scaled the 2,000 genes of greatest variance, scaled and clipped: for baselines
 * @param components [cells, ≤ 50] of these genes: for baselines; the head's own may be of others
 */
public record EvaluationData(
        List<String> cellNames,
        CellLabels labels,
        HeadFeatures head,
        DenseRows encoded,
        SparseRows genes,
        ShiftedRows scaled,
        DenseRows components) {
    public EvaluationData {
        cellNames = List.copyOf(cellNames);
        if (cellNames.size() != head.rows()
                || labels.codes().length != head.rows()
                || genes.rows() != head.rows()
                || scaled.rows() != head.rows()
                || components.rows() != head.rows()
                || encoded.rows() != head.rows()) {
            throw new IllegalArgumentException("names, labels and features describe different cells");
        }
    }

    /**
     * Computes what the methods share; the head reads the components that baselines read.
     *
     * @param genes log-normalised expression over all genes of the file
     * @param embedding of the same cells, as the encoder gives it
     * @param seed of the components' random start
     */
    public static EvaluationData of(
            List<String> cellNames, CellLabels labels, SparseRows genes, DenseRows embedding, long seed) {
        DenseRows standardised = Standardisation.fit(embedding).apply(embedding);
        PrincipalComponents usual = PrincipalComponents.fit(genes, HeadInputs.COMPONENTS, seed);
        return beside(
                cellNames, labels, new HeadFeatures(standardised, genes, usual.apply(genes)), embedding, genes, usual);
    }

    /** Computes what the methods share of a file's cells; the head reads what an annotator of them would. */
    public static EvaluationData of(LabelledCells cells, long seed) {
        HeadFeatures head = HeadInputs.fit(cells, seed).features(cells.expression(), cells.embedding());
        return beside(
                cells.names(),
                cells.labels(),
                head,
                cells.embedding(),
                cells.expression(),
                PrincipalComponents.fit(cells.expression(), HeadInputs.COMPONENTS, seed));
    }

    /**
     * Puts the baselines' features beside the head's, which joins cells by the baselines' components too unless it has such already.
     *
     * @param encoded the embedding as the encoder gives it
     * @param genes log-normalised expression
     * @param usual components of those of greatest variance
     */
    public static EvaluationData beside(
            List<String> cellNames,
            CellLabels labels,
            HeadFeatures head,
            DenseRows encoded,
            SparseRows genes,
            PrincipalComponents usual) {
        DenseRows components = usual.apply(genes);
        return new EvaluationData(
                cellNames,
                labels,
                head.usualComponents() == null ? head.withUsual(components) : head,
                encoded,
                genes,
                usual.scaling().apply(genes),
                components);
    }
}
