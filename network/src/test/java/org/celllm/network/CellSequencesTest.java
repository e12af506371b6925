package org.celllm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CellSequencesTest {
    private final CellSequences cells = new CellSequences(
            3, new int[] {0, 3, 3, 7}, new int[] {4, 5, 6, 1, 2, 3, 9}, new int[] {0, 5, 2, 3, 1, 3, 0});

    @Test
    void everyCellHasItsClsRowBeforeItsGenes() {
        assertThat(cells.positions()).isEqualTo(10);
        assertThat(cells.clsRow(0)).isZero();
        assertThat(cells.clsRow(1)).isEqualTo(4);
        assertThat(cells.clsRow(2)).isEqualTo(5);
        assertThat(cells.longest()).isEqualTo(4);
    }

    @Test
    void cellsAreSlicedAndSelected() {
        assertThat(cells.slice(1, 3).genes()).containsExactly(1, 2, 3, 9);
        assertThat(cells.slice(1, 3).offsets()).containsExactly(0, 0, 4);
        CellSequences chosen = cells.select(2, 0, 2);
        assertThat(chosen.offsets()).containsExactly(0, 4, 7, 11);
        assertThat(chosen.tokens()).containsExactly(3, 1, 3, 0, 0, 5, 2, 3, 1, 3, 0);
    }

    @Test
    void longCellsAreCutByTheStatedRule() {
        CellSequences first = cells.truncate(3, LengthRule.FIRST_GENES);
        assertThat(first.genes()).containsExactly(4, 5, 1, 2);
        CellSequences highest = cells.truncate(3, LengthRule.HIGHEST_EXPRESSED);
        assertThat(highest.genes()).containsExactly(5, 6, 1, 3);
        assertThat(highest.tokens()).containsExactly(5, 2, 3, 3);
        assertThat(cells.truncate(5, LengthRule.FIRST_GENES)).isSameAs(cells);
        assertThat(cells.truncate(1, LengthRule.FIRST_GENES).positions()).isEqualTo(3);
    }

    @Test
    void offsetsThatLeaveTheArraysAreRefused() {
        assertThatThrownBy(() -> new CellSequences(1, new int[] {0, 2}, new int[1], new int[2]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CellSequences(2, new int[] {0, 2, 1}, new int[2], new int[2]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void joinedPartsAreTheWholeAgain() {
        CellSequences whole = RandomCells.of(RandomCells.config(2, 8, PaddingMode.NONE), 3, 5, 0, 9, 1, 30);
        CellSequences joined = CellSequences.joined(List.of(whole.slice(0, 2), whole.slice(2, 2), whole.slice(2, 5)));
        assertThat(joined.offsets()).isEqualTo(whole.offsets());
        assertThat(joined.genes()).isEqualTo(whole.genes());
        assertThat(joined.tokens()).isEqualTo(whole.tokens());
    }
}
