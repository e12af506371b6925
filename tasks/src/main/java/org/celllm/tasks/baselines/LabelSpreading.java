package org.celllm.tasks.baselines;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;

/**
 * Spreads a few labels over a graph of nearest cells, labelled or not (Zhou et al., <i>Learning with local and global
 * consistency</i>, NIPS 2003): {@code F ← α·S·F + (1 − α)·Y} until it stands still, with {@code S = D^−½·W·D^−½}. Edges
 * weigh {@code exp(−d² / (σᵢ·σⱼ))}, σ being the distance to a cell's seventh neighbour (Zelnik-Manor and Perona, NIPS 2004).
 * The labelled cells of every class weigh the same together.
 *
 * <p>It is transductive: it knows no rule for a cell that was not in the graph. Neighbours are searched exactly, so work
 * grows with the square of the cells.
 */
public final class LabelSpreading {
    private static final int NEIGHBOURS = 5;
    private static final int LOCAL = 7;
    private static final double ALPHA = 0.9;
    private static final int MOST_ITERATIONS = 300;
    private static final double STANDS_STILL = 1e-9;

    private LabelSpreading() {}

    private record Graph(int[][] neighbours, double[][] weights) {}

    /**
     * Spreads.
     *
     * @param rows [cells, features] whose Euclidean distances count
     * @param codes [cells] classes, −1 for unlabelled
     * @param classes how many there are
     * @return [cells][classes] probabilities; the same for all classes where no label can be reached from a cell
     */
    public static double[][] spread(DenseRows rows, int[] codes, int classes) {
        if (rows.rows() != codes.length) {
            throw new IllegalArgumentException(codes.length + " labels for " + rows.rows() + " cells");
        }
        int[] counts = new int[classes];
        for (int code : codes) {
            if (code >= 0) {
                counts[code]++;
            }
        }
        double[][] labels = new double[codes.length][classes];
        for (int i = 0; i < codes.length; i++) {
            if (codes[i] >= 0) {
                labels[i][codes[i]] = (1 - ALPHA) / counts[codes[i]];
            }
        }
        double[][] mass = settled(graph(rows.values()), labels);
        for (double[] cell : mass) {
            double sum = Arrays.stream(cell).sum();
            for (int c = 0; c < classes; c++) {
                cell[c] = sum > 0 ? cell[c] / sum : 1.0 / classes;
            }
        }
        return mass;
    }

    private static double[][] settled(Graph graph, double[][] labels) {
        double[][] mass = labels;
        double moved = 1;
        for (int iteration = 0; iteration < MOST_ITERATIONS && moved > STANDS_STILL; iteration++) {
            double[][] before = mass;
            double[][] after = new double[labels.length][];
            moved = IntStream.range(0, labels.length)
                    .parallel()
                    .mapToDouble(i -> {
                        double[] cell = labels[i].clone();
                        for (int e = 0; e < graph.neighbours()[i].length; e++) {
                            double weight = ALPHA * graph.weights()[i][e];
                            double[] other = before[graph.neighbours()[i][e]];
                            for (int c = 0; c < cell.length; c++) {
                                cell[c] += weight * other[c];
                            }
                        }
                        after[i] = cell;
                        double largest = 0;
                        for (int c = 0; c < cell.length; c++) {
                            largest = Math.max(largest, Math.abs(cell[c] - before[i][c]));
                        }
                        return largest;
                    })
                    .max()
                    .orElse(0);
            mass = after;
        }
        return mass;
    }

    /** Cells are joined when either is among the nearest of the other. */
    private static Graph graph(float[][] cells) {
        int n = cells.length;
        int k = Math.min(Math.max(NEIGHBOURS, LOCAL), n - 1);
        int[][] nearest = new int[n][];
        double[][] distance = new double[n][];
        IntStream.range(0, n).parallel().forEach(i -> search(cells, i, k, nearest, distance));
        int[][] joined = new int[n][];
        for (int i = 0; i < n; i++) {
            nearest[i] = Arrays.copyOf(nearest[i], Math.min(NEIGHBOURS, k));
            joined[i] = nearest[i].clone();
        }
        for (int i = 0; i < n; i++) {
            for (int other : nearest[i]) {
                if (!contains(nearest[other], i)) {
                    joined[other] = Arrays.copyOf(joined[other], joined[other].length + 1);
                    joined[other][joined[other].length - 1] = i;
                }
            }
        }
        double[][] weights = new double[n][];
        double[] degree = new double[n];
        for (int i = 0; i < n; i++) {
            weights[i] = new double[joined[i].length];
            for (int e = 0; e < weights[i].length; e++) {
                int other = joined[i][e];
                double scale = local(distance[i]) * local(distance[other]);
                weights[i][e] = Math.exp(-squaredDistance(cells[i], cells[other]) / Math.max(scale, 1e-12));
                degree[i] += weights[i][e];
            }
        }
        for (int i = 0; i < n; i++) {
            for (int e = 0; e < weights[i].length; e++) {
                weights[i][e] /= Math.sqrt(Math.max(degree[i] * degree[joined[i][e]], 1e-300));
            }
        }
        return new Graph(joined, weights);
    }

    private static void search(float[][] cells, int cell, int k, int[][] nearest, double[][] distance) {
        int[] who = new int[k];
        double[] away = new double[k];
        int found = 0;
        for (int other = 0; other < cells.length; other++) {
            if (other == cell) {
                continue;
            }
            double squared = squaredDistance(cells[cell], cells[other]);
            if (found == k && squared >= away[k - 1]) {
                continue;
            }
            int at = found < k ? found++ : k - 1;
            while (at > 0 && away[at - 1] > squared) {
                away[at] = away[at - 1];
                who[at] = who[at - 1];
                at--;
            }
            away[at] = squared;
            who[at] = other;
        }
        nearest[cell] = who;
        distance[cell] = away;
    }

    private static double local(double[] squared) {
        return squared.length == 0 ? 0 : Math.sqrt(squared[Math.min(LOCAL, squared.length) - 1]);
    }

    private static boolean contains(int[] values, int value) {
        for (int each : values) {
            if (each == value) {
                return true;
            }
        }
        return false;
    }

    private static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double away = a[i] - b[i];
            sum += away * away;
        }
        return sum;
    }
}
