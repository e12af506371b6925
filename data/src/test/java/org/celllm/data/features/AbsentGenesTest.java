package org.celllm.data.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class AbsentGenesTest {
    private static final int CELLS = 200;
    private static final int GENES = 80;

    @Test
    void whereNothingIsAbsentTheRowsAreTheVerySame() {
        SparseRows rows = programmes(1);
        PrincipalComponents components = PrincipalComponents.fit(rows, 3, 1);
        BitSet all = new BitSet();
        all.set(0, GENES);
        assertThat(AbsentGenes.fill(rows, all, components)).isSameAs(rows);
    }

    /** Half of the genes are taken from cells that were not learned from; read as zero they put the cells elsewhere. */
    @Test
    void cellsAreWhereTheyWouldBeWithAllGenes() {
        for (long seed = 1; seed <= 5; seed++) {
            PrincipalComponents components = PrincipalComponents.fit(programmes(seed), 3, seed);
            SparseRows whole = programmes(seed + 100);
            BitSet measured = half();
            SparseRows without = without(whole, measured);
            float[][] there = components.apply(whole).values();
            double filled = distance(
                    components
                            .apply(AbsentGenes.fill(without, measured, components))
                            .values(),
                    there);
            double zero = distance(components.apply(without).values(), there);
            assertThat(filled).as("seed %d, as zero: %s", seed, zero).isLessThan(0.2 * zero);
        }
    }

    @Test
    void measuredGenesStayAsTheyAreAndNothingIsNegative() {
        PrincipalComponents components = PrincipalComponents.fit(programmes(3), 3, 3);
        BitSet measured = half();
        SparseRows without = without(programmes(103), measured);
        double[][] before = RandomFeatures.dense(without);
        SparseRows filled = AbsentGenes.fill(without, measured, components);
        double[][] after = RandomFeatures.dense(filled);
        for (int row = 0; row < CELLS; row++) {
            for (int gene = 0; gene < GENES; gene++) {
                if (measured.get(gene)) {
                    assertThat(after[row][gene]).isEqualTo(before[row][gene]);
                } else {
                    assertThat(after[row][gene]).isNotNegative();
                }
            }
            for (int i = filled.offsets()[row] + 1; i < filled.offsets()[row + 1]; i++) {
                assertThat(filled.indices()[i]).isGreaterThan(filled.indices()[i - 1]);
            }
        }
    }

    /** With nothing measured there is nothing to tell cells by: all are at the mean, as far as it is above zero. */
    @Test
    void cellsOfWhichNothingIsKnownAreAtTheMean() {
        SparseRows learned = programmes(4);
        PrincipalComponents components = PrincipalComponents.fit(learned, 3, 4);
        SparseRows nothing = without(programmes(104), new BitSet());
        double[][] filled = RandomFeatures.dense(AbsentGenes.fill(nothing, new BitSet(), components));
        GeneScaling scaling = components.scaling();
        for (int j = 0; j < scaling.genes().length; j++) {
            for (double[] row : filled) {
                assertThat(row[scaling.genes()[j]]).isCloseTo(scaling.mean()[j], within(1e-6));
            }
        }
    }

    /** z-scores lie around zero, so what is expected of absent genes may lie below. */
    @Test
    void absentGenesOfZScoresMayBeBelowZero() {
        SparseRows learned = centred(programmes(6));
        PrincipalComponents components = PrincipalComponents.fit(learned, 3, 6);
        SparseRows whole = centred(programmes(106));
        BitSet measured = half();
        SparseRows without = without(whole, measured);
        SparseRows filled = AbsentGenes.fill(without, measured, components);
        double[][] values = RandomFeatures.dense(filled);
        int below = 0;
        for (double[] row : values) {
            for (int gene = 1; gene < GENES; gene += 2) {
                below += row[gene] < 0 ? 1 : 0;
            }
        }
        assertThat(below).isBetween(CELLS * GENES / 8, 3 * CELLS * GENES / 8);
        float[][] there = components.apply(whole).values();
        assertThat(distance(components.apply(filled).values(), there))
                .isLessThan(0.2 * distance(components.apply(without).values(), there));
    }

    private static SparseRows centred(SparseRows rows) {
        double[] mean = new double[GENES];
        for (int i = 0; i < rows.values().length; i++) {
            mean[rows.indices()[i]] += rows.values()[i] / CELLS;
        }
        float[] values = rows.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] -= (float) mean[rows.indices()[i]];
        }
        return new SparseRows(GENES, rows.offsets(), rows.indices(), values);
    }

    @Test
    void aGeneThatIsExpressedWasMeasured() {
        SparseRows rows = programmes(5);
        PrincipalComponents components = PrincipalComponents.fit(rows, 3, 5);
        assertThatThrownBy(() -> AbsentGenes.fill(rows, half(), components))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was measured");
    }

    /** Cells in which three programmes of genes, the same for every seed, are more or less active. */
    private static SparseRows programmes(long seed) {
        KeyedRandom genes = KeyedRandom.of(7);
        double[][] programmes = new double[3][];
        for (int p = 0; p < 3; p++) {
            programmes[p] = genes.doubles(GENES).toArray();
        }
        KeyedRandom random = KeyedRandom.of(seed);
        int[] offsets = new int[CELLS + 1];
        int[] indices = new int[CELLS * GENES];
        float[] values = new float[indices.length];
        for (int cell = 0; cell < CELLS; cell++) {
            double[] activity = random.doubles(3).toArray();
            for (int gene = 0; gene < GENES; gene++) {
                double value = 0.1 * random.nextGaussian();
                for (int p = 0; p < 3; p++) {
                    value += 2 * activity[p] * programmes[p][gene];
                }
                indices[cell * GENES + gene] = gene;
                values[cell * GENES + gene] = (float) Math.max(0.01, value);
            }
            offsets[cell + 1] = offsets[cell] + GENES;
        }
        return new SparseRows(GENES, offsets, indices, values);
    }

    private static BitSet half() {
        BitSet half = new BitSet();
        IntStream.range(0, GENES).filter(gene -> gene % 2 == 0).forEach(half::set);
        return half;
    }

    private static SparseRows without(SparseRows rows, BitSet measured) {
        int[] offsets = new int[rows.rows() + 1];
        int[] indices = new int[rows.indices().length];
        float[] values = new float[indices.length];
        int at = 0;
        for (int row = 0; row < rows.rows(); row++) {
            for (int i = rows.offsets()[row]; i < rows.offsets()[row + 1]; i++) {
                if (measured.get(rows.indices()[i])) {
                    indices[at] = rows.indices()[i];
                    values[at++] = rows.values()[i];
                }
            }
            offsets[row + 1] = at;
        }
        return new SparseRows(rows.columns(), offsets, indices, values);
    }

    private static double distance(float[][] a, float[][] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int c = 0; c < a[i].length; c++) {
                sum += (a[i][c] - b[i][c]) * (a[i][c] - b[i][c]);
            }
        }
        return Math.sqrt(sum / a.length);
    }
}
