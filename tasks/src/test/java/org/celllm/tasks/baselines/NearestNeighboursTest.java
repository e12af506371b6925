package org.celllm.tasks.baselines;

import static org.assertj.core.api.Assertions.assertThat;

import org.celllm.data.features.DenseRows;
import org.junit.jupiter.api.Test;

class NearestNeighboursTest {
    private static final DenseRows TRAINING = DenseRows.of(new float[][] {{0, 0}, {0, 1}, {5, 5}, {5, 6}, {6, 5}});
    private static final int[] CODES = {0, 0, 1, 1, 1};

    @Test
    void theNearestDecide() {
        NearestNeighbours knn = new NearestNeighbours(TRAINING, CODES, 2, 3);
        assertThat(knn.predict(DenseRows.of(new float[][] {{0.2f, 0.4f}, {5.2f, 5.1f}})))
                .containsExactly(0, 1);
    }

    @Test
    void aCloserMinorityBeatsAFarMajority() {
        NearestNeighbours knn = new NearestNeighbours(TRAINING, CODES, 2, 5);
        assertThat(knn.predict(DenseRows.of(new float[][] {{0.1f, 0.1f}}))).containsExactly(0);
    }

    @Test
    void moreNeighboursThanCellsAreAllCells() {
        NearestNeighbours knn = new NearestNeighbours(TRAINING, CODES, 3, 99);
        double[] logs = knn.logProbabilities(DenseRows.of(new float[][] {{5, 5}}))[0];
        assertThat(Math.exp(logs[2])).isZero();
        assertThat(Classifier.likeliest(new double[][] {logs})).containsExactly(1);
    }
}
