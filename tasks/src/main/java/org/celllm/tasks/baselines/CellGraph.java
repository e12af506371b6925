package org.celllm.tasks.baselines;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;

/**
 * Cells joined to their nearest, each edge weighing {@code exp(−d² / (σᵢ·σⱼ))} with σ the distance to a cell's seventh neighbour
 * (Zelnik-Manor and Perona, <i>Self-tuning spectral clustering</i>, NIPS 2004), normalised on both sides: {@code S = D^−½·W·D^−½}.
 * Neighbours are searched exactly, so work grows with the square of the cells.
 */
public final class CellGraph {
    /** Neighbours of a cell, and of how many cells at least each is one: small files have small groups. */
    private static final int MOST_NEIGHBOURS = 10;

    private static final int LEAST_NEIGHBOURS = 3;
    private static final int CELLS_A_NEIGHBOUR = 20;
    private static final int LOCAL = 7;

    private final int[][] neighbours;
    private final double[][] weights;

    private CellGraph(int[][] neighbours, double[][] weights) {
        this.neighbours = neighbours;
        this.weights = weights;
    }

    /**
     * Joins cells. Two are joined when either is among the nearest of the other.
     *
     * @param rows [cells, features] whose Euclidean distances count
     */
    public static CellGraph of(DenseRows rows) {
        return graph(rows.values());
    }

    /**
     * The mean of several graphs of the same cells: what one joins by chance counts less than what all join.
     *
     * @param graphs at least one
     */
    public static CellGraph mean(List<CellGraph> graphs) {
        int cells = graphs.get(0).cells();
        int[][] neighbours = new int[cells][];
        double[][] weights = new double[cells][];
        for (int cell = 0; cell < cells; cell++) {
            int number = cell;
            neighbours[cell] = graphs.stream()
                    .flatMapToInt(graph -> IntStream.of(graph.neighbours[number]))
                    .toArray();
            weights[cell] = graphs.stream()
                    .flatMapToDouble(graph -> DoubleStream.of(graph.weights[number]))
                    .map(weight -> weight / graphs.size())
                    .toArray();
        }
        return new CellGraph(neighbours, weights);
    }

    /** Cells. */
    public int cells() {
        return neighbours.length;
    }

    /** Adds {@code factor · S[cell] · values} to a row. */
    void addNeighbours(int cell, double factor, double[][] values, double[] sum) {
        for (int e = 0; e < neighbours[cell].length; e++) {
            double weight = factor * weights[cell][e];
            double[] other = values[neighbours[cell][e]];
            for (int c = 0; c < sum.length; c++) {
                sum[c] += weight * other[c];
            }
        }
    }

    private static CellGraph graph(float[][] cells) {
        int n = cells.length;
        int neighbours = Math.max(LEAST_NEIGHBOURS, Math.min(MOST_NEIGHBOURS, n / CELLS_A_NEIGHBOUR));
        int[][] nearest = new int[n][];
        double[] scale = new double[n];
        IntStream.range(0, n).parallel().forEach(i -> {
            ClosestRows closest = ClosestRows.of(cells, cells[i], Math.max(neighbours, LOCAL), i);
            nearest[i] = closest.first(neighbours);
            scale[i] = local(closest.squaredDistances());
        });
        int[][] joined = Arrays.stream(nearest).map(int[]::clone).toArray(int[][]::new);
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
                double squared = ClosestRows.squaredDistance(cells[i], cells[other]);
                weights[i][e] = Math.exp(-squared / Math.max(scale[i] * scale[other], 1e-12));
                degree[i] += weights[i][e];
            }
        }
        for (int i = 0; i < n; i++) {
            for (int e = 0; e < weights[i].length; e++) {
                weights[i][e] /= Math.sqrt(Math.max(degree[i] * degree[joined[i][e]], 1e-300));
            }
        }
        return new CellGraph(joined, weights);
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
}
