package org.celllm.tasks.neighbours;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.labels.CellLabels;
import org.junit.jupiter.api.Test;

class NeighbourSearchTest {
    @Test
    void exactSearchFindsWhatSortingAllCosinesFinds() {
        for (int seed = 0; seed < 4; seed++) {
            // Sizes on both sides of a tile.
            UnitVectors reference = clustered(seed, seed == 0 ? 4097 : 300 * seed, 24);
            UnitVectors queries = clustered(seed + 100, seed == 0 ? 257 : 60, 24);
            Nearest found;
            try (Workers workers = new Workers(2)) {
                found = new ExactSearch(reference, workers).nearest(queries, 10);
            }
            for (int query = 0; query < queries.size(); query++) {
                float[] asked = queries.rows()[query];
                int[] sorted = IntStream.range(0, reference.size())
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer row) -> -reference.cosine(row, asked)))
                        .limit(10)
                        .mapToInt(Integer::intValue)
                        .toArray();
                assertThat(java.util.Arrays.copyOfRange(found.rows(), query * 10, query * 10 + 10))
                        .as("seed %d, query %d", seed, query)
                        .isEqualTo(sorted);
                assertThat(found.cosines()[query * 10])
                        .isEqualTo((float) reference.cosine(found.rows()[query * 10], asked));
            }
        }
    }

    @Test
    void whatIsFoundDoesNotDependOnThreadsOrOnTheQueriesBeside() {
        UnitVectors reference = clustered(1, 3000, 16);
        UnitVectors queries = clustered(2, 300, 16);
        try (Workers one = new Workers(1);
                Workers three = new Workers(3)) {
            Nearest all = new ExactSearch(reference, one).nearest(queries, 5);
            assertThat(new ExactSearch(reference, three).nearest(queries, 5).rows())
                    .isEqualTo(all.rows());
            UnitVectors last = new UnitVectors(new float[][] {queries.rows()[299]}, 16);
            assertThat(new ExactSearch(reference, three).nearest(last, 5).rows())
                    .isEqualTo(java.util.Arrays.copyOfRange(all.rows(), 299 * 5, 300 * 5));
            assertThat(GraphSearch.build(reference, one, Progress.SILENT)
                            .nearest(queries, 5)
                            .rows())
                    .isEqualTo(GraphSearch.build(reference, three, Progress.SILENT)
                            .nearest(queries, 5)
                            .rows());
        }
    }

    @Test
    void theGraphFindsNearlyAllOfThem() {
        UnitVectors reference = clustered(3, 6000, 32);
        UnitVectors queries = clustered(4, 200, 32);
        try (Workers workers = new Workers(2)) {
            Nearest exact = new ExactSearch(reference, workers).nearest(queries, 10);
            Nearest graph =
                    GraphSearch.build(reference, workers, Progress.SILENT).nearest(queries, 10);
            assertThat(graph.recall(exact)).isGreaterThanOrEqualTo(0.95);
            // A search that knows nothing: the neighbours of other queries.
            Nearest others = new ExactSearch(reference, workers).nearest(clustered(5, 200, 32), 10);
            assertThat(others.recall(exact)).isLessThan(0.2);
        }
    }

    @Test
    void aVectorFindsItselfAndTheEarlierOfTwins() {
        float[][] rows = {{1, 0}, {0, 2}, {0, 1}, {-1, 0}, {0, 0}};
        UnitVectors vectors = UnitVectors.of(rows, 2);
        try (Workers workers = new Workers(1)) {
            Nearest nearest = new ExactSearch(vectors, workers).nearest(vectors, 9);
            assertThat(nearest.k()).isEqualTo(5);
            assertThat(java.util.Arrays.copyOfRange(nearest.rows(), 5, 10)).containsExactly(1, 2, 0, 3, 4);
            assertThat(nearest.cosines()[0]).isEqualTo(1);
            assertThat(nearest.cosines()[4]).isEqualTo(-1);
        }
    }

    @Test
    void nearerNeighboursCountMore() {
        CellLabels labels = new CellLabels(java.util.List.of("a", "b"), new int[] {0, 1, 1});
        Nearest close = new Nearest(3, new int[] {0, 1, 2}, new float[] {1f, 0.6f, 0.6f});
        assertThat(NeighbourVote.of(close, 0, labels).code()).isZero();
        assertThat((double) NeighbourVote.of(close, 0, labels).share())
                .isEqualTo(1 / (1 + 2 * Math.exp(-0.4 / 0.07)), org.assertj.core.api.Assertions.within(1e-6));
        Nearest even = new Nearest(3, new int[] {0, 1, 2}, new float[] {0.61f, 0.6f, 0.6f});
        assertThat(NeighbourVote.of(even, 0, labels).code()).isEqualTo(1);
    }

    @Test
    void autoIsExactForFewCellsAndOtherWordsAreRefused() {
        try (Workers workers = new Workers(1)) {
            UnitVectors few = clustered(6, 20, 4);
            assertThat(SearchIndex.of("auto").over(few, workers, Progress.SILENT))
                    .isInstanceOf(ExactSearch.class);
            assertThat(SearchIndex.of("hnsw").over(few, workers, Progress.SILENT))
                    .isInstanceOf(GraphSearch.class);
        }
        assertThatThrownBy(() -> SearchIndex.of("best"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("auto, exact or hnsw");
    }

    private static UnitVectors clustered(int seed, int count, int dim) {
        KeyedRandom centres = KeyedRandom.of(77, 0);
        float[][] centre = new float[12][dim];
        for (float[] row : centre) {
            for (int j = 0; j < dim; j++) {
                row[j] = (float) centres.nextGaussian();
            }
        }
        KeyedRandom random = KeyedRandom.of(seed, 1);
        float[][] rows = new float[count][dim];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < dim; j++) {
                rows[i][j] = centre[i % 12][j] + (float) random.nextGaussian();
            }
        }
        return UnitVectors.of(rows, dim);
    }
}
