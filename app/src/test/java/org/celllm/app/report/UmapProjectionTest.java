package org.celllm.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class UmapProjectionTest {
    @Test
    void keepsGroupsTogether() {
        float[][] cells = groups(11, 200, 4);
        UmapProjection map = UmapProjection.of(cells, 5);

        int same = 0;
        for (int i = 0; i < cells.length; i++) {
            int nearest = -1;
            double best = Double.MAX_VALUE;
            for (int j = 0; j < cells.length; j++) {
                double distance = Math.hypot(map.x()[i] - map.x()[j], map.y()[i] - map.y()[j]);
                if (j != i && distance < best) {
                    best = distance;
                    nearest = j;
                }
            }
            same += nearest % 4 == i % 4 ? 1 : 0;
        }
        assertThat(same).isGreaterThan(190);
    }

    @Test
    void theSameSeedGivesTheSameMap() {
        float[][] cells = groups(3, 80, 3);
        UmapProjection first = UmapProjection.of(cells, 9);

        assertThat(UmapProjection.of(cells, 9)).usingRecursiveComparison().isEqualTo(first);
        assertThat(UmapProjection.of(cells, 10).x()).isNotEqualTo(first.x());
    }

    @Test
    void standsEqualAndEmptyRows() {
        UmapProjection map = UmapProjection.of(new float[30][8], 1);

        assertThat(map.cells()).hasSize(30);
        for (int i = 0; i < 30; i++) {
            assertThat(Float.isFinite(map.x()[i]) && Float.isFinite(map.y()[i])).isTrue();
        }
    }

    @Test
    void refusesAHandfulOfCells() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UmapProjection.of(new float[3][2], 1))
                .withMessageContaining("UMAP needs");
    }

    private static float[][] groups(long seed, int cells, int groups) {
        float[][] rows = new float[cells][10];
        for (int cell = 0; cell < cells; cell++) {
            KeyedRandom centre = KeyedRandom.of(seed, cell % groups);
            KeyedRandom noise = KeyedRandom.of(seed, 1000 + cell);
            for (int i = 0; i < 10; i++) {
                rows[cell][i] = (float) (3 * centre.nextGaussian() + noise.nextGaussian());
            }
        }
        return rows;
    }
}
