package org.celllm.tasks.neighbours;

import org.celllm.data.features.DenseRows;
import org.celllm.data.features.FeatureRows;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.baselines.Classifier;

/**
 * The vote of the nearest training cells by cosine ({@link NeighbourVote}), searched exactly, as a classifier that nothing is
 * fitted for.
 *
 * @param training [cells, features]
 * @param codes [cells] classes
 * @param classes how many there are
 * @param neighbours how many vote; fewer when there are fewer training cells
 */
public record CosineNeighbours(DenseRows training, int[] codes, int classes, int neighbours) implements Classifier {
    public CosineNeighbours {
        if (training.rows() != codes.length || codes.length == 0 || neighbours < 1) {
            throw new IllegalArgumentException(codes.length + " labels for " + training.rows() + " cells");
        }
    }

    /** {@inheritDoc} Only dense rows have directions here. */
    @Override
    public double[][] logProbabilities(FeatureRows rows) {
        if (!(rows instanceof DenseRows dense)) {
            throw new IllegalArgumentException("neighbours are searched among dense features");
        }
        UnitVectors reference = UnitVectors.of(training.values(), training.columns());
        try (Workers workers = new Workers(1)) {
            Nearest nearest = new ExactSearch(reference, workers)
                    .nearest(UnitVectors.of(dense.values(), dense.columns()), neighbours);
            double[][] logs = new double[dense.rows()][];
            for (int query = 0; query < logs.length; query++) {
                logs[query] = NeighbourVote.shares(nearest, query, codes, classes);
                for (int c = 0; c < classes; c++) {
                    logs[query][c] = Math.log(logs[query][c]);
                }
            }
            return logs;
        }
    }
}
