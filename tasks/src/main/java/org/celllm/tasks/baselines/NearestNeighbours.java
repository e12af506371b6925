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
        ClosestRows closest = ClosestRows.of(training.values(), cell, neighbours, -1);
        double[] votes = new double[classes];
        double sum = 0;
        for (int i = 0; i < closest.rows().length; i++) {
            double vote = 1 / (Math.sqrt(closest.squaredDistances()[i]) + 1e-9);
            votes[codes[closest.rows()[i]]] += vote;
            sum += vote;
        }
        for (int c = 0; c < classes; c++) {
            votes[c] = Math.log(votes[c] / sum);
        }
        return votes;
    }
}
