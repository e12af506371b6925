package org.celllm.data.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class FeatureRowsTest {
    @Test
    void bothProductsAreThoseOfTheWrittenOutMatrix() {
        for (long seed = 0; seed < 8; seed++) {
            KeyedRandom random = KeyedRandom.of(seed);
            int n = 1 + random.nextInt(600);
            int p = 1 + random.nextInt(30);
            int k = 1 + random.nextInt(seed % 2 == 0 ? 10 : 40);
            SparseRows sparse = RandomFeatures.sparse(random, n, p, 0.3);
            double[] shift = random.doubles(p).toArray();
            for (FeatureRows rows :
                    List.of(sparse, new ShiftedRows(sparse, shift), RandomFeatures.gaussian(random, n, p))) {
                double[][] dense = RandomFeatures.dense(rows);
                double[] weights = random.doubles((long) p * k).toArray();
                double[] coefficients = random.doubles((long) n * k).toArray();
                double[] product = rows.multiply(weights, k);
                double[] transposed = rows.multiplyTransposed(coefficients, k);
                assertThat(rows.transposed().multiply(coefficients, k))
                        .as("seed %d, made ready", seed)
                        .isEqualTo(transposed);
                int row = random.nextInt(n);
                int column = random.nextInt(p);
                for (int c = 0; c < k; c++) {
                    double expected = 0;
                    for (int j = 0; j < p; j++) {
                        expected += dense[row][j] * weights[j * k + c];
                    }
                    assertThat(product[row * k + c]).as("seed %d", seed).isCloseTo(expected, within(1e-9));
                    expected = 0;
                    for (int i = 0; i < n; i++) {
                        expected += dense[i][column] * coefficients[i * k + c];
                    }
                    assertThat(transposed[column * k + c]).as("seed %d", seed).isCloseTo(expected, within(1e-8));
                }
            }
        }
    }

    @Test
    void rowsAreFollowedByThoseOfAnother() {
        SparseRows sparse = RandomFeatures.sparse(KeyedRandom.of(4), 9, 6, 0.5);
        DenseRows dense = RandomFeatures.gaussian(KeyedRandom.of(5), 9, 3);
        int[] first = {0, 1, 2, 3};
        int[] second = {4, 5, 6, 7, 8};
        assertThat(RandomFeatures.dense(sparse.select(first).followedBy(sparse.select(second))))
                .isDeepEqualTo(RandomFeatures.dense(sparse));
        assertThat(RandomFeatures.dense(dense.select(first).followedBy(dense.select(second))))
                .isDeepEqualTo(RandomFeatures.dense(dense));
        assertThatThrownBy(() -> sparse.followedBy(sparse.columnsOf(first))).hasMessageContaining("6 columns");
        assertThatThrownBy(() -> dense.followedBy(dense.firstColumns(2))).hasMessageContaining("3 columns");
    }

    @Test
    void selectedRowsAndColumnsAreThoseAskedFor() {
        SparseRows rows = RandomFeatures.sparse(KeyedRandom.of(3), 10, 6, 0.5);
        double[][] all = RandomFeatures.dense(rows);
        double[][] some = RandomFeatures.dense(rows.select(new int[] {7, 2}).columnsOf(new int[] {1, 4}));
        assertThat(some).isDeepEqualTo(new double[][] {{all[7][1], all[7][4]}, {all[2][1], all[2][4]}});
    }
}
