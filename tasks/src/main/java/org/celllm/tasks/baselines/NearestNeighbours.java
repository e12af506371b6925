package org.celllm.tasks.baselines;

import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.FeatureRows;

/**
 * The classes of the nearest training cells by Euclidean distance, searched exactly; each neighbour votes with the
 * inverse of its distance. Among equal distances the earlier training cell comes first.
 *
 * @param training [cells, features]
 * @param codes [cells] classes
 * @param classes how many there are
 * @param neighbours how many vote; fewer when there are fewer training cells
 */
public record NearestNeighbours(DenseRows training, int[] codes, int classes, int neighbours) implements Classifier {
    public NearestNeighbours {
        if (training.rows() != codes.length || codes.length == 0 || neighbours < 1) {
            throw new IllegalArgumentException(codes.length + " labels for " + training.rows() + " cells");
        }
    }

    /** {@inheritDoc} Only dense rows have distances here. */
    @Override
    public double[][] logProbabilities(FeatureRows rows) {
        if (!(rows instanceof DenseRows dense)) {
            throw new IllegalArgumentException("neighbours are searched among dense features");
        }
        double[][] logs = new double[rows.rows()][];
        IntStream.range(0, logs.length).parallel().forEach(i -> logs[i] = votes(dense.values()[i]));
        return logs;
    }

    private double[] votes(float[] cell) {
        int k = Math.min(neighbours, codes.length);
        double[] nearest = new double[k];
        int[] who = new int[k];
        int found = 0;
        for (int t = 0; t < codes.length; t++) {
            double distance = squaredDistance(cell, training.values()[t]);
            if (found == k && distance >= nearest[k - 1]) {
                continue;
            }
            int at = found < k ? found++ : k - 1;
            while (at > 0 && nearest[at - 1] > distance) {
                nearest[at] = nearest[at - 1];
                who[at] = who[at - 1];
                at--;
            }
            nearest[at] = distance;
            who[at] = t;
        }
        double[] votes = new double[classes];
        double sum = 0;
        for (int i = 0; i < found; i++) {
            double vote = 1 / (Math.sqrt(nearest[i]) + 1e-9);
            votes[codes[who[i]]] += vote;
            sum += vote;
        }
        for (int c = 0; c < classes; c++) {
            votes[c] = Math.log(votes[c] / sum);
        }
        return votes;
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
