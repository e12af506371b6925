package org.celllm.network.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.attention.FavorRows.Panel;
import org.celllm.network.attention.FavorRows.Segment;
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
        int[] asking = new int[cells + 1];
        for (int cell = 0; cell < cells; cell++) {
            asking[cell + 1] = asking[cell] + 1 + random.nextInt(starts[cell + 1] - starts[cell]);
        }
        SequenceLayout keys = new SequenceLayout(cells, starts, new int[0]);
        SequenceLayout queries = new SequenceLayout(cells, asking, new int[0]);
        check(AttentionLayout.within(keys), shape, seed);
        check(new AttentionLayout(queries, keys), shape, seed);
    }

    private static void check(AttentionLayout layout, FavorShape shape, long seed) {
        int cell = 0;
        for (FavorGroup group : FavorGroup.of(layout, shape)) {
            assertThat(group.firstCell()).isEqualTo(cell);
            assertThat(group.isWhole()).isEqualTo(layout.isSame());
            check(group.queries(), layout.queries(), group, shape, seed);
            check(group.keys(), layout.keys(), group, shape, seed);
            cell += group.cells();
        }
        assertThat(cell).isEqualTo(layout.cells());
    }

    private static void check(FavorRows rows, SequenceLayout layout, FavorGroup group, FavorShape shape, long seed) {
        int cell = group.firstCell();
        int first = layout.starts()[cell];
        assertThat(rows.firstRow()).isEqualTo(first);
        int within = 0;
        for (Panel panel : rows.panels()) {
            assertThat(panel.from()).isEqualTo(within);
            assertThat(panel.rows()).isBetween(1, shape.panelRows());
            for (Segment segment : panel.segments()) {
                int end = layout.starts()[cell + segment.cell() + 1] - first;
                assertThat(segment.from()).isEqualTo(within);
                assertThat(segment.rows()).isBetween(1, FavorShape.MOST_ROWS);
                assertThat(within).isGreaterThanOrEqualTo(layout.starts()[cell + segment.cell()] - first);
                within += segment.rows();
                assertThat(within == end || segment.rows() == FavorShape.MOST_ROWS)
                        .as("seed %d: only a cell's last segment is short", seed)
                        .isTrue();
            }
        }
        assertThat(rows.rows()).isEqualTo(within);
        assertThat(rows.end()).isEqualTo(layout.starts()[cell + group.cells()]);
        assertThat(rows.starts(group.cells()))
                .containsExactly(IntStream.rangeClosed(cell, cell + group.cells())
                        .map(each -> layout.starts()[each] - first)
                        .toArray());
    }
}
