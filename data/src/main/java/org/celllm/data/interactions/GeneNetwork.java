package org.celllm.data.interactions;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.genes.GeneVocabulary;

/**
 * An undirected network of genes without weights, self loops or double edges. Not copied: whoever holds it leaves the
 * arrays alone.
 *
 * @param genes its genes; {@link #of} sorts them by name
 * @param first [edges] the lesser gene of an edge
 * @param second [edges] the greater gene; edges ascend by (first, second)
 */
public record GeneNetwork(GeneVocabulary genes, int[] first, int[] second) {
    public GeneNetwork {
        if (first.length != second.length) {
            throw new IllegalArgumentException(first.length + " and " + second.length + " ends of edges");
        }
        for (int edge = 0; edge < first.length; edge++) {
            boolean ascends = edge == 0
                    || first[edge - 1] < first[edge]
                    || (first[edge - 1] == first[edge] && second[edge - 1] < second[edge]);
            if (!ascends || first[edge] < 0 || first[edge] >= second[edge] || second[edge] >= genes.size()) {
                throw new IllegalArgumentException("edge " + edge + " is out of order or out of range");
            }
        }
    }

    /**
     * The network of pairs in any order. Pairs of a gene with itself are left out, and a pair counts once however often and
     * in whichever direction it stands; genes are sorted by name, so the order of the pairs does not matter.
     *
     * @param names distinct names, at most {@link GeneVocabulary#MOST_GENES}; those without a pair are kept
     * @param pairs {@link #pair} of places in {@code names}
     */
    public static GeneNetwork of(List<String> names, long[] pairs) {
        Integer[] order = IntStream.range(0, names.size()).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparing(names::get));
        int[] place = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            place[order[i]] = i;
        }
        long[] sorted = Arrays.stream(pairs)
                .filter(pair -> first(pair) != second(pair))
                .map(pair -> pair(place[first(pair)], place[second(pair)]))
                .sorted()
                .distinct()
                .toArray();
        return new GeneNetwork(
                new GeneVocabulary(Arrays.stream(order).map(names::get).toList()),
                Arrays.stream(sorted).mapToInt(GeneNetwork::first).toArray(),
                Arrays.stream(sorted).mapToInt(GeneNetwork::second).toArray());
    }

    /** Two genes as one number, the lesser in the upper half: pairs then sort as edges do. */
    public static long pair(int one, int other) {
        return (long) Math.min(one, other) << 32 | Math.max(one, other);
    }

    private static int first(long pair) {
        return (int) (pair >>> 32);
    }

    private static int second(long pair) {
        return (int) pair;
    }

    /** How many edges. */
    public int edges() {
        return first.length;
    }

    /** [genes] how many edges each gene has. */
    public int[] degrees() {
        int[] degrees = new int[genes.size()];
        for (int edge = 0; edge < first.length; edge++) {
            degrees[first[edge]]++;
            degrees[second[edge]]++;
        }
        return degrees;
    }

    /**
     * The neighbours of every gene, ascending, laid end to end.
     *
     * @param selfLoops whether a gene is a neighbour of itself, in its place among the others
     */
    public Neighbours neighbours(boolean selfLoops) {
        int[] offsets = new int[genes.size() + 1];
        int[] degrees = degrees();
        for (int gene = 0; gene < degrees.length; gene++) {
            offsets[gene + 1] = Math.addExact(offsets[gene], degrees[gene] + (selfLoops ? 1 : 0));
        }
        int[] at = offsets.clone();
        int[] all = new int[offsets[degrees.length]];
        // Lesser neighbours come first: edges ascend by their first gene.
        for (int edge = 0; edge < first.length; edge++) {
            all[at[second[edge]]++] = first[edge];
        }
        for (int gene = 0; selfLoops && gene < degrees.length; gene++) {
            all[at[gene]++] = gene;
        }
        for (int edge = 0; edge < first.length; edge++) {
            all[at[first[edge]]++] = second[edge];
        }
        return new Neighbours(offsets, all);
    }

    /**
     * Neighbours in compressed rows.
     *
     * @param offsets [genes + 1] where each gene's neighbours begin in {@code all}
     * @param all [offsets[genes]] the neighbours
     */
    public record Neighbours(int[] offsets, int[] all) {
        /** Whether {@code other} is a neighbour of {@code gene}. */
        public boolean has(int gene, int other) {
            return Arrays.binarySearch(all, offsets[gene], offsets[gene + 1], other) >= 0;
        }
    }
}
