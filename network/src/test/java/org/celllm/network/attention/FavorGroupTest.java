package org.celllm.network.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.attention.FavorGroup.Panel;
import org.celllm.network.attention.FavorGroup.Segment;
import org.celllm.network.onednn.Strided.Format;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FavorGroupTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyRowIsInOneSegmentAndNoPanelIsTooLarge(long seed) {
        KeyedRandom random = KeyedRandom.of(seed);
        int cells = 1 + random.nextInt(60);
        int[] starts = new int[cells + 1];
        for (int cell = 0; cell < cells; cell++) {
            starts[cell + 1] = starts[cell] + 1 + random.nextInt(random.nextInt(10) == 0 ? 3000 : 200);
        }
        FavorShape shape = seed % 2 == 0
                ? new FavorShape(16, 64, 266, Format.BFLOAT16)
                : new FavorShape(2, 32, 110, Format.FLOAT32);
        SequenceLayout layout = new SequenceLayout(cells, starts, new int[0]);
        List<FavorGroup> groups = FavorGroup.of(layout, shape);
        int row = 0;
        int cell = 0;
        for (FavorGroup group : groups) {
            assertThat(group.firstRow()).isEqualTo(row);
            assertThat(group.firstCell()).isEqualTo(cell);
            int within = 0;
            for (Panel panel : group.panels()) {
                assertThat(panel.from()).isEqualTo(within);
                assertThat(panel.rows()).isBetween(1, shape.panelRows());
                for (Segment segment : panel.segments()) {
                    assertThat(segment.from()).isEqualTo(within);
                    assertThat(segment.rows()).isBetween(1, FavorShape.MOST_ROWS);
                    assertThat(within).isGreaterThanOrEqualTo(starts[cell + segment.cell()] - row);
                    boolean last = within + segment.rows() == starts[cell + segment.cell() + 1] - row;
                    assertThat(last || segment.rows() == FavorShape.MOST_ROWS)
                            .as("seed %d: only a cell's last segment is short", seed)
                            .isTrue();
                    within += segment.rows();
                }
            }
            assertThat(group.rows()).isEqualTo(within);
            row += within;
            cell += group.cells();
        }
        assertThat(row).isEqualTo(starts[cells]);
        assertThat(cell).isEqualTo(cells);
    }
}
