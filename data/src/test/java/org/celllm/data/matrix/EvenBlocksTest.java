package org.celllm.data.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.random.KeyedRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EvenBlocksTest {
    private static final long SEED = Long.getLong("celllm.seed", 2306);
    private static final int CELLS = 103;

    @Test
    void bordersDoNotDependOnTheReader() throws IOException {
        List<String> expected = read(new Uneven(CELLS, 1), 10, 0);
        assertThat(expected).hasSize(11);
        for (int trial = 0; trial < 50; trial++) {
            assertThat(read(new Uneven(CELLS, SEED + trial), 10, 0))
                    .as("seed %s", SEED + trial)
                    .isEqualTo(expected);
        }
    }

    @Test
    void fromTheBorderOfABlockTheSameBlocksFollow() throws IOException {
        List<String> expected = read(new Uneven(CELLS, 1), 10, 0);
        for (int block = 0; block < expected.size(); block++) {
            assertThat(read(new Uneven(CELLS, SEED), 10, 10 * block))
                    .isEqualTo(expected.subList(block, expected.size()));
        }
    }

    @Test
    void veryManyValuesMakeABorderToo() throws IOException {
        int genes = EvenBlocks.MOST_VALUES / 2 - 1;
        List<Integer> sizes = new ArrayList<>();
        for (int each : new int[] {1, 5}) {
            sizes.clear();
            try (EvenBlocks blocks = new EvenBlocks(new Full(5, genes, each), 5, 4)) {
                for (CellBlock block = blocks.next(); block != null; block = blocks.next()) {
                    sizes.add(block.cells());
                }
            }
            assertThat(sizes).containsExactly(2, 2, 1);
        }
    }

    @Test
    void everyValueThatIsNoNumberIsCountedOnce() throws IOException {
        for (int trial = 0; trial < 50; trial++) {
            long seed = SEED + trial;
            KeyedRandom random = KeyedRandom.of(seed);
            int every = 1 + random.nextInt(7);
            int rows = 1 + random.nextInt(30);
            int from = rows * random.nextInt(1 + CELLS / rows);
            long missing = 0;
            try (EvenBlocks blocks = new EvenBlocks(new Uneven(CELLS, seed, every), CELLS, rows)) {
                blocks.skipTo(from);
                for (CellBlock block = blocks.next(); block != null; block = blocks.next()) {
                    missing += block.missing();
                }
            }
            assertThat(missing).as("seed %s", seed).isEqualTo((CELLS - 1) / every - (from - 1 + every) / every + 1);
        }
    }

    private static List<String> read(CellReader reader, int rows, int from) throws IOException {
        List<String> read = new ArrayList<>();
        try (EvenBlocks blocks = new EvenBlocks(reader, CELLS, rows)) {
            blocks.skipTo(from);
            for (CellBlock block = blocks.next(); block != null; block = blocks.next()) {
                StringBuilder text = new StringBuilder(block.firstCell() + ": ");
                for (int i = 0; i < block.offsets()[block.cells()]; i++) {
                    text.append(block.genes()[i])
                            .append('=')
                            .append(block.values()[i])
                            .append(' ');
                }
                read.add(text + "in " + block.cells());
            }
        }
        return read;
    }

    /** Cell i has i mod 4 values, every so many a NaN too, in blocks of random sizes. */
    private static final class Uneven implements CellReader {
        private final int cells;
        private final int everyMissing;
        private final KeyedRandom random;
        private int cell;

        Uneven(int cells, long seed) {
            this(cells, seed, Integer.MAX_VALUE);
        }

        Uneven(int cells, long seed, int everyMissing) {
            this.cells = cells;
            this.everyMissing = everyMissing;
            this.random = KeyedRandom.of(seed);
        }

        @Override
        public @Nullable CellBlock next() {
            if (cell >= cells) {
                return null;
            }
            int count = Math.min(cells - cell, 1 + random.nextInt(25));
            CellBlocks block = new CellBlocks(count, 4);
            int first = cell;
            for (; cell < first + count; cell++) {
                for (int gene = 0; gene < cell % 4; gene++) {
                    block.add(gene, cell + gene + 1);
                }
                if (cell % everyMissing == 0) {
                    block.add(9, Float.NaN);
                }
                block.endCell();
            }
            return block.build(first);
        }

        @Override
        public void skipTo(int row) {
            cell = row;
        }

        @Override
        public void close() {}
    }

    /** Cells of the same, many values. */
    private static final class Full implements CellReader {
        private final int cells;
        private final int genes;
        private final int each;
        private int cell;

        Full(int cells, int genes, int each) {
            this.cells = cells;
            this.genes = genes;
            this.each = each;
        }

        @Override
        public @Nullable CellBlock next() {
            if (cell >= cells) {
                return null;
            }
            int count = Math.min(each, cells - cell);
            CellBlocks block = new CellBlocks(count, genes * count);
            int first = cell;
            for (; cell < first + count; cell++) {
                for (int gene = 0; gene < genes; gene++) {
                    block.add(gene, 1);
                }
                block.endCell();
            }
            return block.build(first);
        }

        @Override
        public void skipTo(int row) {
            cell = row;
        }

        @Override
        public void close() {}
    }
}
