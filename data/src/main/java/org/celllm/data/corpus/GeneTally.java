package org.celllm.data.corpus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.progress.Progress;

/**
 * The rule for a vocabulary: the genes that some source has in at least a stated number of cells, in alphabetical order
 * (by code point) of their canonical names. Where these are more than a vocabulary holds, those seen in the most cells.
 */
final class GeneTally {
    /** By canonical name: the largest number of cells of any one source. */
    private final Map<String, Integer> most = new HashMap<>();

    /** Counts the genes of one source. */
    void add(List<String> names, int[] cellsWith) {
        for (int gene = 0; gene < cellsWith.length; gene++) {
            if (cellsWith[gene] > 0) {
                most.merge(names.get(gene), cellsWith[gene], Math::max);
            }
        }
    }

    /** Counts for each gene of a slot the cells that have it. */
    static int[] count(CellReader reader, int genes, Progress.Task task) throws IOException {
        int[] cellsWith = new int[genes];
        for (CellBlock block = reader.next(); block != null; block = reader.next()) {
            int end = block.offsets()[block.cells()];
            for (int i = 0; i < end; i++) {
                cellsWith[block.genes()[i]]++;
            }
            task.advance(block.cells());
        }
        return cellsWith;
    }

    /**
     * The vocabulary.
     *
     * @throws InputException when no gene is seen often enough
     */
    GeneVocabulary vocabulary(int minCells) {
        List<String> names = new ArrayList<>();
        most.forEach((name, cells) -> {
            if (cells >= minCells && !name.isBlank()) {
                names.add(name);
            }
        });
        if (names.isEmpty()) {
            throw InputException.about("--min-cells")
                    .found("no gene is seen in " + minCells + " cells of any source")
                    .remedy("Ask for fewer cells, or give a vocabulary with --genes")
                    .build();
        }
        if (names.size() > GeneVocabulary.MOST_GENES) {
            names.sort(Comparator.comparingInt((String name) -> -most.getOrDefault(name, 0))
                    .thenComparing(Comparator.naturalOrder()));
            names.subList(GeneVocabulary.MOST_GENES, names.size()).clear();
        }
        names.sort(null);
        return new GeneVocabulary(names);
    }

    /** How many genes there would be without a limit. */
    long enough(int minCells) {
        return most.values().stream().filter(cells -> cells >= minCells).count();
    }
}
