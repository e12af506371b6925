package org.celllm.tasks.embed;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.tokens.ValueState;

/** A matrix of raw counts in Java arrays, as a batch over a vocabulary. */
final class CountMatrix {
    private CountMatrix() {}

    static CellBatch batch(float[][] counts, List<String> geneNames, GeneIdentity identity, GeneVocabulary vocabulary) {
        GeneMapping mapping = identity.map(new AnnotationTable(geneNames, Map.of()), vocabulary);
        GeneIdentity.requireOverlap(mapping, vocabulary, "the matrix");
        int cells = counts.length;
        int[] offsets = new int[cells + 1];
        double[] totals = new double[cells];
        long[] rows = new long[cells];
        char[] genes = new char[1024];
        float[] values = new float[1024];
        for (int cell = 0; cell < cells; cell++) {
            TreeMap<Integer, Float> expressed = new TreeMap<>();
            totals[cell] = collect(counts[cell], cell, geneNames, mapping, expressed);
            int at = offsets[cell];
            int needed = at + expressed.size();
            if (needed > genes.length) {
                genes = Arrays.copyOf(genes, Math.max(needed, 2 * genes.length));
                values = Arrays.copyOf(values, genes.length);
            }
            for (Map.Entry<Integer, Float> entry : expressed.entrySet()) {
                genes[at] = (char) (int) entry.getKey();
                values[at++] = entry.getValue();
            }
            offsets[cell + 1] = at;
            rows[cell] = cell;
        }
        ValueState[] states = new ValueState[cells];
        Arrays.fill(states, ValueState.COUNTS);
        return new CellBatch(
                cells, offsets, genes, values, totals, states, new byte[cells], new int[cells], new int[cells], rows);
    }

    private static double collect(
            float[] counts, int cell, List<String> geneNames, GeneMapping mapping, Map<Integer, Float> expressed) {
        if (counts.length != geneNames.size()) {
            throw new IllegalArgumentException(
                    "cell " + cell + " has " + counts.length + " counts for " + geneNames.size() + " genes");
        }
        double total = 0;
        for (int gene = 0; gene < counts.length; gene++) {
            float count = counts[gene];
            if (!(count >= 0) || Float.isInfinite(count)) {
                throw InputException.about("the matrix")
                        .at("cell " + cell + ", gene " + geneNames.get(gene))
                        .found(Float.toString(count))
                        .expected("a number that is not negative")
                        .build();
            }
            total += count;
            if (count > 0 && mapping.target()[gene] >= 0) {
                expressed.merge(mapping.target()[gene], count, Float::sum);
            }
        }
        return total;
    }
}
