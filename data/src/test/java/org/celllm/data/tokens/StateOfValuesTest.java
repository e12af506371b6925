package org.celllm.data.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellBlocks;
import org.celllm.data.matrix.MatrixSlot;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The state is found from values made in a known way, over random depths, genes and targets. */
class StateOfValuesTest {
    private static final int CELLS = 60;
    private static final int GENES = 400;

    /** Counts of cells of very different depth. */
    private static double[][] counts(long seed) {
        KeyedRandom random = KeyedRandom.of(seed);
        double[][] counts = new double[CELLS][GENES];
        for (double[] cell : counts) {
            double depth = 0.2 + 3 * random.nextDouble();
            for (int gene = 0; gene < GENES; gene++) {
                double mean = depth * Math.exp(random.nextGaussian());
                cell[gene] = poisson(mean, random);
            }
            cell[0] += 1;
        }
        return counts;
    }

    private static int poisson(double mean, RandomGenerator random) {
        double limit = Math.exp(-mean);
        int count = 0;
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }

    /** Scales every cell to a sum, keeps some of the genes, then applies {@code f}. */
    private static double[][] scaled(double[][] counts, double target, int kept, DoubleUnaryOperator f) {
        double[][] values = new double[CELLS][kept];
        for (int cell = 0; cell < CELLS; cell++) {
            double sum = 0;
            for (double count : counts[cell]) {
                sum += count;
            }
            for (int gene = 0; gene < kept; gene++) {
                values[cell][gene] = f.applyAsDouble(counts[cell][gene] / sum * target);
            }
        }
        return values;
    }

    private static SlotFinding find(double[][] values) {
        CellBlocks blocks = new CellBlocks(CELLS, 16);
        for (double[] cell : values) {
            for (int gene = 0; gene < cell.length; gene++) {
                blocks.add(gene, (float) cell[gene]);
            }
            blocks.endCell();
        }
        CellBlock block = blocks.build(0);
        MatrixSlot slot = new MatrixSlot("X", CELLS, values[0].length, MatrixSlot.Layout.DENSE, "float32", -1);
        return StateOfValues.of(slot, ValueSample.of(block));
    }

    private static double log2p1(double x) {
        return Math.log1p(x) / Math.log(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void knowsCountsEvenWhenStoredAsFloats(long seed) {
        assertThat(find(counts(seed)).state()).isEqualTo(ValueState.COUNTS);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1_000, 10_000, 37_000, 1_000_000})
    void knowsLog1pAndItsTarget(double target) {
        SlotFinding finding = find(scaled(counts(1), target, GENES, Math::log1p));
        assertThat(finding.state()).isEqualTo(ValueState.LOG1P);
        assertThat(finding.target()).isCloseTo(target, within(target * 1e-3));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void knowsLogarithmsWhenOnlySomeGenesAreLeft(long seed) {
        SlotFinding natural = find(scaled(counts(seed), 10_000, GENES / 4, Math::log1p));
        assertThat(natural.state()).isEqualTo(ValueState.LOG1P);
        assertThat(natural.target()).as("cannot be known").isZero();
        assertThat(find(scaled(counts(seed), 10_000, GENES / 4, StateOfValuesTest::log2p1))
                        .state())
                .isEqualTo(ValueState.LOG2P1);
        assertThat(find(scaled(counts(seed), 10_000, GENES / 4, x -> x)).state())
                .isEqualTo(ValueState.TPM);
    }

    @ParameterizedTest
    @ValueSource(doubles = {10_000, 100_000, 1_000_000})
    void knowsLog2AndTpm(double target) {
        assertThat(find(scaled(counts(2), target, GENES, StateOfValuesTest::log2p1))
                        .state())
                .isEqualTo(ValueState.LOG2P1);
        assertThat(find(scaled(counts(2), target, GENES, x -> x)).state()).isEqualTo(ValueState.TPM);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void knowsScaledValues(long seed) {
        double[][] values = scaled(counts(seed), 10_000, GENES, Math::log1p);
        for (double[] cell : values) {
            for (int gene = 0; gene < cell.length; gene++) {
                cell[gene] -= 2.5;
            }
        }
        assertThat(find(values).state()).isEqualTo(ValueState.SCALED);
    }
}
