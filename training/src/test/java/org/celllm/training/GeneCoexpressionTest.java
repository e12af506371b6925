package org.celllm.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.tokens.ValueState;
import org.celllm.network.CellLanguageModel;
import org.celllm.training.genes.GeneCoexpression;
import org.junit.jupiter.api.Test;

class GeneCoexpressionTest {
    private static final int GENES = 31;
    private static final int PROGRAMME = 15;
    private static final int NEVER_SEEN = 30;
    private static final int DIM = 1;

    @Test
    void genesThatRiseTogetherBeginSideBySide() {
        float[] table = GeneCoexpression.table(cells(200, true), DIM, 3, Progress.SILENT);
        assertThat(likeness(table, true)).isGreaterThan(0.8);
        assertThat(likeness(table, false)).isLessThan(-0.8);
    }

    @Test
    void findsNothingWhereGenesAreIndependent() {
        float[] table = GeneCoexpression.table(cells(200, false), DIM, 3, Progress.SILENT);
        assertThat(likeness(table, true)).isBetween(-0.3, 0.3);
    }

    @Test
    void isAFunctionOfCellsAndSeedWithTheSpreadOfRandomEmbeddings() {
        float[] table = GeneCoexpression.table(cells(200, true), DIM, 3, Progress.SILENT);
        assertThat(table).isEqualTo(GeneCoexpression.table(cells(200, true), DIM, 3, Progress.SILENT));
        double squares = 0;
        for (float value : table) {
            squares += value * value;
        }
        double spread = CellLanguageModel.FIRST_SPREAD;
        assertThat(Math.sqrt(squares / table.length)).isBetween(0.8 * spread, 1.2 * spread);
        assertThat(Arrays.copyOfRange(table, NEVER_SEEN * DIM, (NEVER_SEEN + 1) * DIM))
                .doesNotContain(0f);
    }

    @Test
    void isRandomWhereThereIsNothingToLearnFrom() {
        assertThat(GeneCoexpression.table(cells(0, true), DIM, 3, Progress.SILENT))
                .hasSize(GENES * DIM)
                .doesNotContain(0f);
    }

    /** Mean cosine of pairs of genes within a programme, or of one gene of each. */
    private static double likeness(float[] table, boolean within) {
        double sum = 0;
        int pairs = 0;
        for (int a = 0; a < PROGRAMME; a++) {
            for (int b = a + 1; b < PROGRAMME; b++) {
                sum += cosine(table, a, within ? b : PROGRAMME + b);
                pairs++;
            }
        }
        return sum / pairs;
    }

    private static double cosine(float[] table, int a, int b) {
        double dot = 0;
        double left = 0;
        double right = 0;
        for (int c = 0; c < DIM; c++) {
            dot += table[a * DIM + c] * table[b * DIM + c];
            left += table[a * DIM + c] * table[a * DIM + c];
            right += table[b * DIM + c] * table[b * DIM + c];
        }
        return dot / Math.sqrt(left * right);
    }

    /** Every cell runs one of two programmes of genes; without, every gene is on for itself. */
    private static TrainingCells cells(int count, boolean programmes) {
        KeyedRandom random = KeyedRandom.of(11, programmes ? 1 : 0);
        int[] offsets = new int[count + 1];
        char[] genes = new char[count * GENES];
        float[] values = new float[count * GENES];
        int at = 0;
        for (int cell = 0; cell < count; cell++) {
            boolean first = random.nextDouble() < 0.5;
            for (int gene = 0; gene < NEVER_SEEN; gene++) {
                double chance = !programmes ? 0.5 : (gene < PROGRAMME) == first ? 0.9 : 0.1;
                if (random.nextDouble() < chance) {
                    genes[at] = (char) gene;
                    values[at++] = 1 + (float) Math.floor(3 * random.nextDouble());
                }
            }
            offsets[cell + 1] = at;
        }
        double[] totals = new double[count];
        Arrays.fill(totals, 10_000);
        ValueState[] states = new ValueState[count];
        Arrays.fill(states, ValueState.COUNTS);
        CellBatch all = new CellBatch(
                count,
                offsets,
                Arrays.copyOf(genes, at),
                Arrays.copyOf(values, at),
                totals,
                states,
                new byte[count],
                new int[count],
                new int[count],
                new long[count]);
        return new MemoryCells(all, GENES, 5, "programmes");
    }
}
