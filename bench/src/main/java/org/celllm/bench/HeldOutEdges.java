package org.celllm.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.celllm.data.interactions.GeneNetwork;
import org.celllm.data.random.KeyedRandom;

/**
 * A network of which a share of the edges is held out, and as many pairs without an edge: each shares a gene with a held-out
 * edge, and its other gene has nearly as many edges left as that edge's. So degree alone tells next to nothing.
 *
 * @param network what is left; every gene keeps an edge
 * @param edges [held out][2] genes
 * @param others [held out][2] genes without an edge, degree-matched
 */
record HeldOutEdges(GeneNetwork network, int[][] edges, int[][] others) {
    private static final int REACH = 20;
    private static final int MOST_TRIES = 20_000;
    private static final long PURPOSE = 0x68656C64L;

    /**
     * Holds out edges.
     *
     * @param share of the edges
     */
    static HeldOutEdges of(GeneNetwork whole, double share, long seed) {
        KeyedRandom random = KeyedRandom.of(seed, PURPOSE);
        int[] degrees = whole.degrees();
        boolean[] out = new boolean[whole.edges()];
        int wanted = (int) Math.round(share * whole.edges());
        int held = 0;
        for (int edge : random.permutation(whole.edges())) {
            int one = whole.first()[edge];
            int other = whole.second()[edge];
            if (held < wanted && degrees[one] > 1 && degrees[other] > 1) {
                out[edge] = true;
                degrees[one]--;
                degrees[other]--;
                held++;
            }
        }
        int[] left =
                IntStream.range(0, whole.edges()).filter(edge -> !out[edge]).toArray();
        int[][] edges = IntStream.range(0, whole.edges())
                .filter(edge -> out[edge])
                .mapToObj(edge -> new int[] {whole.first()[edge], whole.second()[edge]})
                .toArray(int[][]::new);
        GeneNetwork network = new GeneNetwork(
                whole.genes(),
                Arrays.stream(left).map(edge -> whole.first()[edge]).toArray(),
                Arrays.stream(left).map(edge -> whole.second()[edge]).toArray());
        return new HeldOutEdges(network, edges, matched(whole, degrees, edges, random));
    }

    private static int[][] matched(GeneNetwork whole, int[] degrees, int[][] edges, KeyedRandom random) {
        GeneNetwork.Neighbours neighbours = whole.neighbours(false);
        int[] byDegree = IntStream.range(0, degrees.length)
                .boxed()
                .sorted(Comparator.comparingInt((Integer gene) -> degrees[gene]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] rank = new int[byDegree.length];
        for (int i = 0; i < byDegree.length; i++) {
            rank[byDegree[i]] = i;
        }
        int[][] others = new int[edges.length][];
        for (int i = 0; i < edges.length; i++) {
            int kept = edges[i][i % 2];
            int replaced = edges[i][1 - i % 2];
            int found = -1;
            for (int attempt = 0; found < 0; attempt++) {
                if (attempt == MOST_TRIES) {
                    throw new IllegalStateException("the network is too dense for pairs without an edge");
                }
                // Hubs have edges to most of their like: look further each time.
                int reach = REACH * (1 + attempt / 20);
                int at = rank[replaced] + random.nextInt(2 * reach + 1) - reach;
                int gene = byDegree[Math.max(0, Math.min(byDegree.length - 1, at))];
                found = gene != kept && gene != replaced && !neighbours.has(kept, gene) ? gene : -1;
            }
            others[i] = new int[] {kept, found};
        }
        return others;
    }

    /** How a pair of genes is scored. */
    @FunctionalInterface
    interface Score {
        /** Higher for pairs that should have an edge. */
        double of(int one, int other);
    }

    /** Area under the ROC curve: the chance that a held-out edge scores above a pair without one, ties half. */
    double auc(Score score) {
        double[] right = scores(edges, score);
        double[] wrong = scores(others, score);
        Arrays.sort(right);
        Arrays.sort(wrong);
        IntToDoubleFunction beaten = new IntToDoubleFunction() {
            private int less;
            private int notMore;

            @Override
            public double applyAsDouble(int i) {
                while (less < wrong.length && wrong[less] < right[i]) {
                    less++;
                }
                while (notMore < wrong.length && wrong[notMore] <= right[i]) {
                    notMore++;
                }
                return (less + notMore) / 2.0;
            }
        };
        double sum = 0;
        for (int i = 0; i < right.length; i++) {
            sum += beaten.applyAsDouble(i);
        }
        return sum / right.length / wrong.length;
    }

    private static double[] scores(int[][] pairs, Score score) {
        return Arrays.stream(pairs)
                .mapToDouble(pair -> score.of(pair[0], pair[1]))
                .toArray();
    }
}
