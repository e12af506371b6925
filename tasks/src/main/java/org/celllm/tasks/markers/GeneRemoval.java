package org.celllm.tasks.markers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.tokens.ValueState;
import org.celllm.tasks.annotate.Annotator;

/**
 * What each expressed gene of one cell is worth to an annotator: the log-odds of a class, log p − log(1 − p), of the whole
 * cell minus those of the cell without the gene. The gene is removed from every path, from the model's sequence and from the
 * wide path; the cell's total stays, so that the other genes read what they read before. This is the erasure of Li, Monroe
 * and Jurafsky (<i>Understanding Neural Networks through Representation Erasure</i>, arXiv 1612.08220): it asks the annotator
 * as it is, stacking, clipping and bins included, where a gradient would see only what is smooth. Genes that stand in for each
 * other share what they are worth, as either alone can be missed.
 *
 * @param genes [removed] places in {@link PathGenes#names()}, ascending
 * @param worth [removed] in log-odds; negative where the gene spoke against the class
 */
record GeneRemoval(int[] genes, double[] worth) {
    private static final int COPIES = 512;

    /**
     * Removes each gene of a cell in turn.
     *
     * @param cell one cell over each path's genes
     * @param measured the genes of each path that its file has
     * @param code the class whose odds count
     */
    static GeneRemoval of(Annotator annotator, PathGenes names, List<CellBatch> cell, List<BitSet> measured, int code) {
        TreeSet<Integer> expressed = new TreeSet<>();
        for (int path = 0; path < cell.size(); path++) {
            for (int i = 0; i < cell.get(path).length(0); i++) {
                expressed.add(names.numbers()[path][cell.get(path).genes()[i]]);
            }
        }
        int[] genes = expressed.stream().mapToInt(Integer::intValue).toArray();
        double[] worth = new double[genes.length];
        // In blocks: all copies of a long cell at once would take as much as the square of its genes.
        for (int first = 0; first < genes.length; first += COPIES) {
            int[] some = Arrays.copyOfRange(genes, first, Math.min(genes.length, first + COPIES));
            double[][] chances = without(annotator, names, cell, measured, some);
            double whole = logOdds(chances[some.length], code);
            for (int i = 0; i < some.length; i++) {
                worth[first + i] = whole - logOdds(chances[i], code);
            }
        }
        return new GeneRemoval(genes, worth);
    }

    /** The probabilities of the cell without each of the genes, and of the whole cell last. */
    private static double[][] without(
            Annotator annotator, PathGenes names, List<CellBatch> cell, List<BitSet> measured, int[] genes) {
        List<CellBatch> copies = new ArrayList<>();
        for (int path = 0; path < cell.size(); path++) {
            copies.add(copies(cell.get(path), names.numbers()[path], genes));
        }
        return annotator.probabilities(copies, measured);
    }

    /** The cell without each of the genes, and the whole cell last. */
    private static CellBatch copies(CellBatch cell, int[] numbers, int[] without) {
        int n = without.length + 1;
        int length = cell.length(0);
        int[] offsets = new int[n + 1];
        char[] genes = new char[Math.multiplyExact(n, length)];
        float[] values = new float[genes.length];
        int at = 0;
        for (int copy = 0; copy < n; copy++) {
            int left = copy < without.length ? without[copy] : -1;
            for (int i = 0; i < length; i++) {
                if (numbers[cell.genes()[i]] != left) {
                    genes[at] = cell.genes()[i];
                    values[at++] = cell.values()[i];
                }
            }
            offsets[copy + 1] = at;
        }
        double[] totals = new double[n];
        Arrays.fill(totals, cell.totals()[0]);
        ValueState[] states = new ValueState[n];
        Arrays.fill(states, cell.states()[0]);
        return new CellBatch(
                n,
                offsets,
                Arrays.copyOf(genes, at),
                Arrays.copyOf(values, at),
                totals,
                states,
                new byte[n],
                new int[n],
                new int[n],
                new long[n]);
    }

    /** From the other classes' sum, which keeps its digits where p rounds to one. */
    private static double logOdds(double[] chances, int code) {
        double others = 0;
        for (int c = 0; c < chances.length; c++) {
            others += c == code ? 0 : chances[c];
        }
        return Math.log(Math.max(chances[code], 1e-30)) - Math.log(Math.max(others, 1e-30));
    }
}
