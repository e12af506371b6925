package org.celllm.tasks.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.celllm.network.CellSequences;
import org.junit.jupiter.api.Test;

class ThinnedCellsTest {
    private static final int[] LENGTHS = {400, 0, 1, 1000, 3};

    @Test
    void rowsAreWhereWhatStaysStoodAndPaddingStaysBehind() {
        CellSequences whole = cells();
        // What a row of the whole holds: its cell and its gene; −1 for CLS, −2 for padding.
        long[] held = new long[whole.positions() + whole.cells()];
        for (int cell = 0; cell < whole.cells(); cell++) {
            held[whole.clsRow(cell)] = cell * 10_000L - 1;
            for (int i = 0; i < whole.length(cell); i++) {
                held[whole.clsRow(cell) + 1 + i] = cell * 10_000L + whole.genes()[whole.offsets()[cell] + i];
            }
            held[whole.positions() + cell] = cell * 10_000L - 2;
        }
        ThinnedCells thinned = ThinnedCells.of(whole, new int[] {7, 8, 9, 10, 11}, 0.6, 3, 1);
        CellSequences cells = thinned.cells();
        assertThat(thinned.rows()).hasSize(cells.positions() + cells.cells());
        for (int cell = 0; cell < cells.cells(); cell++) {
            assertThat(held[(int) thinned.rows()[cells.clsRow(cell)]]).isEqualTo(cell * 10_000L - 1);
            for (int i = 0; i < cells.length(cell); i++) {
                int at = cells.offsets()[cell] + i;
                assertThat(held[(int) thinned.rows()[cells.clsRow(cell) + 1 + i]])
                        .isEqualTo(cell * 10_000L + cells.genes()[at]);
                assertThat(cells.tokens()[at]).isEqualTo(cells.genes()[at] % 5);
            }
            assertThat(held[(int) thinned.rows()[cells.positions() + cell]]).isEqualTo(cell * 10_000L - 2);
        }
        assertThat(ThinnedCells.of(whole, new int[] {7, 8, 9, 10, 11}, 0.6, 3, 0)
                        .rows())
                .isEqualTo(Arrays.copyOf(thinned.rows(), cells.positions()));
    }

    @Test
    void theShareStaysAndACellOfOneGeneKeepsIt() {
        CellSequences whole = cells();
        ThinnedCells thinned = ThinnedCells.of(whole, new int[] {0, 1, 2, 3, 4}, 0.9, 5, 0);
        assertThat(thinned.cells().length(1)).isZero();
        assertThat(thinned.cells().length(2)).isEqualTo(1);
        assertThat(thinned.cells().length(4)).isBetween(1, 3);
        assertThat((double) thinned.cells().length(3)).isCloseTo(100, within(40.0));
        assertThat(thinned.factors()[1]).isEqualTo(1);
        assertThat(thinned.factors()[3]).isEqualTo(1000f / thinned.cells().length(3));
    }

    /** Which worker a cell falls to, and beside which others, changes nothing. */
    @Test
    void whatStaysDependsOnTheCellAndTheStepAlone() {
        CellSequences whole = cells();
        CellSequences all =
                ThinnedCells.of(whole, new int[] {7, 8, 9, 10, 11}, 0.5, 3, 0).cells();
        CellSequences alone =
                ThinnedCells.of(whole.select(3), new int[] {10}, 0.5, 3, 0).cells();
        assertThat(alone.genes()).isEqualTo(all.select(3).genes());
        Set<Integer> seen = new HashSet<>();
        for (int step = 0; step < 12; step++) {
            CellSequences other = ThinnedCells.of(whole.select(3), new int[] {10}, 0.5, step, 0)
                    .cells();
            Arrays.stream(other.genes()).forEach(seen::add);
            if (step != 3) {
                assertThat(other.genes()).isNotEqualTo(alone.genes());
            }
        }
        assertThat(seen).as("every gene has its turns").hasSizeGreaterThan(990);
    }

    private static CellSequences cells() {
        int[] offsets = new int[LENGTHS.length + 1];
        for (int i = 0; i < LENGTHS.length; i++) {
            offsets[i + 1] = offsets[i] + LENGTHS[i];
        }
        int[] genes = new int[offsets[LENGTHS.length]];
        int[] tokens = new int[genes.length];
        for (int cell = 0; cell < LENGTHS.length; cell++) {
            for (int i = 0; i < LENGTHS[cell]; i++) {
                genes[offsets[cell] + i] = 2 * i + cell;
                tokens[offsets[cell] + i] = genes[offsets[cell] + i] % 5;
            }
        }
        return new CellSequences(LENGTHS.length, offsets, genes, tokens);
    }
}
