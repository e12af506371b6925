package org.celllm.tasks.baselines;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Spreads labels over a graph of nearest cells, labelled or not (Zhou et al., <i>Learning with local and global
 * consistency</i>, NIPS 2003): {@code F ← α·S·F + (1 − α)·Y} until it stands still, S being the graph's.
 *
 * <p>It is transductive: it knows no rule for a cell that was not in the graph.
 */
public final class LabelSpreading {
    private static final double ALPHA = 0.9;
    private static final int MOST_ITERATIONS = 300;
    private static final double STANDS_STILL = 1e-9;

    private LabelSpreading() {}

    /**
     * Spreads what is believed of every cell.
     *
     * @param graph of the cells
     * @param beliefs [cells][classes], not negative; a row's sum is how much that cell counts
     * @return [cells][classes] probabilities; the same for all classes where nothing can be reached from a cell
     */
    public static double[][] spread(CellGraph graph, double[][] beliefs) {
        if (graph.cells() != beliefs.length) {
            throw new IllegalArgumentException(beliefs.length + " beliefs about " + graph.cells() + " cells");
        }
        double[][] mass = settled(graph, beliefs);
        for (double[] cell : mass) {
            double sum = Arrays.stream(cell).sum();
            for (int c = 0; c < cell.length; c++) {
                cell[c] = sum > 0 ? cell[c] / sum : 1.0 / cell.length;
            }
        }
        return mass;
    }

    private static double[][] settled(CellGraph graph, double[][] beliefs) {
        double[][] mass = beliefs;
        double moved = 1;
        for (int iteration = 0; iteration < MOST_ITERATIONS && moved > STANDS_STILL; iteration++) {
            double[][] before = mass;
            double[][] after = new double[beliefs.length][];
            moved = IntStream.range(0, beliefs.length)
                    .parallel()
                    .mapToDouble(i -> {
                        double[] cell = new double[beliefs[i].length];
                        double largest = 0;
                        for (int c = 0; c < cell.length; c++) {
                            cell[c] = (1 - ALPHA) * beliefs[i][c];
                        }
                        graph.addNeighbours(i, ALPHA, before, cell);
                        for (int c = 0; c < cell.length; c++) {
                            largest = Math.max(largest, Math.abs(cell[c] - before[i][c]));
                        }
                        after[i] = cell;
                        return largest;
                    })
                    .max()
                    .orElse(0);
            mass = after;
        }
        return mass;
    }
}
