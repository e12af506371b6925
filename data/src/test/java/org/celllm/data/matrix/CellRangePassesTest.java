package org.celllm.data.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellRangePassesTest {
    /** Gene by gene, and within a gene the cells backwards. */
    private record Backwards(RandomMatrix matrix, int[] passes) implements Coordinates {
        @Override
        public void count(int[] valuesOfCell) {
            stream((cell, gene, value) -> valuesOfCell[cell]++);
        }

        @Override
        public void forEach(Sink sink) {
            passes[0]++;
            stream(sink);
        }

        private void stream(Sink sink) {
            for (int gene = 0; gene < matrix.genes(); gene++) {
                for (int cell = matrix.cells() - 1; cell >= 0; cell--) {
                    if (matrix.values()[cell][gene] != 0) {
                        sink.accept(cell, gene, matrix.values()[cell][gene]);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 10, 50, 200, 100_000})
    void givesTheSameCellsWhateverTheBudget(long budget) throws IOException {
        RandomMatrix matrix = RandomMatrix.counts(7, 60, 13);
        Backwards backwards = new Backwards(matrix, new int[1]);
        try (CellReader reader = new CellRangePasses(backwards, 60, 8, budget)) {
            assertThat(RandomMatrix.read(reader, 60, 13).values()).isDeepEqualTo(matrix.values());
        }
        int values = matrix.compressed().data().length;
        assertThat(backwards.passes()[0])
                .as("a pass for every %d values", budget)
                .isBetween((int) Math.min(1, values / budget), budget < 13 ? 60 : (int) (2L * values / budget) + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 59})
    void skipsCells(int to) throws IOException {
        RandomMatrix matrix = RandomMatrix.counts(9, 60, 13);
        try (CellReader reader = new CellRangePasses(new Backwards(matrix, new int[1]), 60, 8, 100)) {
            reader.skipTo(to);
            CellBlock block = reader.next();
            assertThat(block).isNotNull();
            assertThat(block.firstCell()).isEqualTo(to);
        }
    }
}
