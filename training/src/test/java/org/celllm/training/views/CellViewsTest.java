package org.celllm.training.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.features.SparseRows;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.tokens.ExpressionTokens;
import org.celllm.data.tokens.ValueState;
import org.celllm.network.CellSequences;
import org.celllm.network.NetworkConfig;
import org.celllm.network.PaddingMode;
import org.celllm.training.RandomCells;
import org.junit.jupiter.api.Test;

class CellViewsTest {
    private static final long SEED = Long.getLong("celllm.seed", 11);
    private static final NetworkConfig NETWORK =
            new NetworkConfig(8, 1, 1, 8, 0, 2, 8, 200, 64, false, PaddingMode.NONE, 0);
    private final CellBatch batch = RandomCells.of(SEED, 50, 200, 120);

    @Test
    void aCellsViewsDoNotDependOnTheChunkThatAsks() {
        CellViews views = new CellViews(new ViewSettings(0.4, 0.8, 0.2, 0.9, 0.1), NETWORK, SEED);
        ViewedCells all = views.of(batch, 0, 50, 3);
        KeyedRandom random = KeyedRandom.of(SEED, 5);
        for (int trial = 0; trial < 40; trial++) {
            int cell = random.nextInt(50);
            ViewedCells alone = views.of(batch, cell, cell + 1, 3);
            for (int view = 0; view < 2; view++) {
                assertThat(sequence(alone, view)).isEqualTo(sequence(all, view * 50 + cell));
                assertThat(alone.keys()[view]).isEqualTo(all.keys()[view * 50 + cell]);
            }
        }
    }

    @Test
    void theTwoViewsOfACellAndTwoStepsDiffer() {
        CellViews views = new CellViews(new ViewSettings(0.5, 1, 0.15, 0.9, 0), NETWORK, SEED);
        ViewedCells now = views.of(batch, 0, 50, 3);
        ViewedCells later = views.of(batch, 0, 50, 4);
        int differ = 0;
        for (int cell = 0; cell < 50; cell++) {
            if (batch.length(cell) > 10) {
                assertThat(sequence(now, cell)).isNotEqualTo(sequence(now, 50 + cell));
                assertThat(sequence(now, cell)).isNotEqualTo(sequence(later, cell));
                differ++;
            }
        }
        assertThat(differ).isGreaterThan(20);
    }

    @Test
    void expressionShowsTheGenesOfTheSequencesWithTheValuesBehindTheirTokens() {
        CellViews views = new CellViews(new ViewSettings(0.4, 0.3, 0, 0.9, 0), NETWORK, SEED);
        CellSequences sequences = views.of(batch, 5, 30, 2).sequences();
        SparseRows rows = views.expression(batch, 5, 30, 2);
        assertThat(rows.columns()).isEqualTo(200);
        assertThat(rows.offsets()).isEqualTo(sequences.offsets());
        for (int i = 0; i < rows.offsets()[rows.rows()]; i++) {
            assertThat(rows.indices()[i]).isEqualTo(sequences.genes()[i]);
            assertThat(ExpressionTokens.token(rows.values()[i], NETWORK.tokens()))
                    .isEqualTo(sequences.tokens()[i]);
        }
    }

    @Test
    void hidesTheShareThatWasAskedForAndCutsAtTheNetworksLength() {
        CellViews views = new CellViews(new ViewSettings(0.5, 1, 0, 0.9, 0), NETWORK, SEED);
        ViewedCells viewed = views.of(batch, 0, 50, 0);
        for (int cell = 0; cell < 50; cell++) {
            int expressed = batch.length(cell);
            int visible = expressed - Math.round(0.5f * expressed);
            assertThat(length(viewed.sequences(), cell))
                    .isEqualTo(Math.min(63, Math.max(visible, Math.min(1, expressed))));
        }
        assertThat(viewed.maskedRows()).isEmpty();
    }

    @Test
    void masksTheShareThatWasAskedForAndRemembersWhatStoodThere() {
        CellViews masked = new CellViews(new ViewSettings(0, 1, 0.2, 0.9, 0), NETWORK, SEED);
        CellViews open = new CellViews(new ViewSettings(0, 1, 0, 0.9, 0), NETWORK, SEED);
        ViewedCells viewed = masked.of(batch, 0, 50, 0);
        ViewedCells truth = open.of(batch, 0, 50, 0);
        int[] before = positions(truth.sequences());
        int[] after = positions(viewed.sequences());
        assertThat(viewed.maskedRows()).doesNotHaveDuplicates();
        int replaced = 0;
        for (int i = 0; i < viewed.maskedRows().length; i++) {
            int row = (int) viewed.maskedRows()[i];
            assertThat(before[row]).isEqualTo((int) viewed.maskedTokens()[i]);
            assertThat(after[row]).isIn(before[row], NETWORK.maskToken());
            replaced += after[row] == NETWORK.maskToken() ? 1 : 0;
        }
        double share = (double) viewed.maskedRows().length / truth.sequences().genes().length;
        assertThat(share).isCloseTo(0.2, within(0.02));
        assertThat((double) replaced / viewed.maskedRows().length).isCloseTo(0.9, within(0.05));
    }

    /** A cell's depth shows in its tokens, so that views of one depth could be matched by it alone. */
    @Test
    void thinnedViewsOfACellDifferInDepth() {
        int expressed = 60;
        char[] genes = new char[expressed];
        float[] counts = new float[expressed];
        for (int i = 0; i < expressed; i++) {
            genes[i] = (char) i;
            counts[i] = 1;
        }
        // One count of 6,000: token 0 at full depth, 1 at half, 2 at a fifth of it.
        CellBatch one = new CellBatch(
                1,
                new int[] {0, expressed},
                genes,
                counts,
                new double[] {6000},
                new ValueState[] {ValueState.COUNTS},
                new byte[1],
                new int[1],
                new int[1],
                new long[1]);
        for (double least : new double[] {1, 0.2}) {
            CellViews views = new CellViews(new ViewSettings(0, least, 0, 0.9, 0), NETWORK, SEED);
            Set<Integer> tokens = new TreeSet<>();
            int shortest = expressed;
            for (int step = 0; step < 100; step++) {
                ViewedCells viewed = views.of(one, 0, 1, step);
                for (int token : viewed.sequences().tokens()) {
                    tokens.add(token);
                }
                shortest = Math.min(shortest, length(viewed.sequences(), 0));
            }
            assertThat(tokens).as("seed %s", SEED).isEqualTo(least == 1 ? Set.of(0) : Set.of(0, 1, 2));
            assertThat(shortest).isBetween(least == 1 ? expressed : 3, least == 1 ? expressed : expressed / 2);
        }
    }

    private static int length(CellSequences sequences, int sequence) {
        return sequences.offsets()[sequence + 1] - sequences.offsets()[sequence];
    }

    private static String sequence(ViewedCells viewed, int sequence) {
        CellSequences cells = viewed.sequences();
        int from = cells.offsets()[sequence];
        int to = cells.offsets()[sequence + 1];
        return Arrays.toString(Arrays.copyOfRange(cells.genes(), from, to))
                + Arrays.toString(Arrays.copyOfRange(cells.tokens(), from, to));
    }

    /** The token at each row of the encoder's output, −1 at CLS. */
    private static int[] positions(CellSequences cells) {
        int[] rows = new int[cells.tokens().length + cells.cells()];
        int row = 0;
        for (int cell = 0; cell < cells.cells(); cell++) {
            rows[row++] = -1;
            for (int i = cells.offsets()[cell]; i < cells.offsets()[cell + 1]; i++) {
                rows[row++] = cells.tokens()[i];
            }
        }
        return rows;
    }
}
