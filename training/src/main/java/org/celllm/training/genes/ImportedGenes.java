package org.celllm.training.genes;

import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneTable;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.CellLanguageModel;

/** First embeddings of the genes from a table that was learnt elsewhere, such as gene2vec. */
public final class ImportedGenes {
    /** A table that knows fewer of the vocabulary's genes than this share was made for others. */
    private static final double LEAST_KNOWN = 0.1;

    private static final long PURPOSE = 0x696D706F7274L;

    private ImportedGenes() {}

    /** How many of the vocabulary's genes the table knows. */
    public static int known(GeneTable table, GeneVocabulary genes) {
        return (int) genes.names().stream()
                .filter(name -> table.genes().indexOf(name) >= 0)
                .count();
    }

    /**
     * Checks that a table can start a network.
     *
     * @throws InputException when its vectors have another width than {@code dim}, or it knows too few of the genes
     */
    public static void check(GeneTable table, GeneVocabulary genes, int dim) {
        if (table.dim() != dim) {
            throw InputException.about("--gene-embeddings")
                    .found("has " + table.dim() + " numbers a gene")
                    .expected(dim + ", the width of the network")
                    .remedy("Choose the preset of that width, or start from --gene-embeddings coexpression")
                    .build();
        }
        int known = known(table, genes);
        if (known == 0
                || known < LEAST_KNOWN * Math.min(genes.size(), table.genes().size())) {
            throw InputException.about("--gene-embeddings")
                    .found("knows " + known + " of " + genes.size() + " genes; its first are " + first(table.genes())
                            + ", those of the corpus " + first(genes))
                    .expected("names of the same kind")
                    .build();
        }
    }

    /**
     * The vectors of a table that fits ({@link #check}) in the order of a vocabulary, brought to a root mean square of
     * {@link CellLanguageModel#FIRST_SPREAD}: larger ones would drown what training adds. Genes that the table lacks get
     * random numbers of the same spread.
     *
     * @return [genes · dim] row by row
     */
    public static float[] table(GeneTable table, GeneVocabulary genes, long seed) {
        int dim = table.dim();
        double factor = CellLanguageModel.FIRST_SPREAD / Math.max(1e-30, rootMeanSquare(table.values()));
        KeyedRandom random = KeyedRandom.of(seed, PURPOSE);
        float[] rows = new float[Math.multiplyExact(genes.size(), dim)];
        for (int gene = 0; gene < genes.size(); gene++) {
            int from = table.genes().indexOf(genes.names().get(gene));
            for (int d = 0; d < dim; d++) {
                double noise = CellLanguageModel.FIRST_SPREAD * random.nextGaussian();
                rows[gene * dim + d] = (float) (from < 0 ? noise : factor * table.values()[from * dim + d]);
            }
        }
        return rows;
    }

    private static List<String> first(GeneVocabulary genes) {
        return genes.names().subList(0, Math.min(3, genes.size()));
    }

    private static double rootMeanSquare(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / values.length);
    }
}
