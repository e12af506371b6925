package org.celllm.data.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.tokens.ValueState;
import org.junit.jupiter.api.Test;

class StandardisedVarianceTest {
    private static final long SEED = 3;
    private static final int CELLS = 400;
    private static final int GENES = 300;
    /** Rare genes that one tenth of the cells expresses three times as often. */
    private static final int MARKERS = 10;

    /** As the definition says, dense and by another way to the parabola (Cramer's rule). */
    @Test
    void itIsWhatTheDefinitionGives() {
        double[][] counts = counts(CELLS, GENES);
        double[] expected = byDefinition(counts);
        double[] found = StandardisedVariance.of(rows(counts), totals(counts)).scores();
        for (int gene = 0; gene < GENES; gene++) {
            assertThat(found[gene]).as("seed %d, gene %d", SEED, gene).isCloseTo(expected[gene], within(1e-6));
        }
    }

    /** Markers stand out, and do not by the variance of logarithms, where common genes do. */
    @Test
    void rareMarkersStandOut() {
        double[][] counts = counts(CELLS, GENES);
        ExpressionRows rows = new ExpressionRows(GENES);
        rows.add(CellBatches.ofCounts(counts));
        SparseRows expression = rows.build();
        double[] score = StandardisedVariance.of(expression, totals(counts)).scores();
        assertThat(markersAmong(GeneScaling.fit(expression, score, 20, 10).genes()))
                .isGreaterThanOrEqualTo(8);
        assertThat(markersAmong(GeneScaling.fit(expression, 20, 10).genes())).isLessThanOrEqualTo(2);
    }

    /** Counts are chosen by; values that are no counts go by their variance as before. */
    @Test
    void logarithmsGoByTheirVariance() {
        double[][] counts = counts(60, 2300);
        CellBatch batch = CellBatches.ofCounts(counts);
        assertThat(scaling(batch)).isNotEqualTo(usual(batch));
        ValueState[] states = new ValueState[60];
        Arrays.fill(states, ValueState.LOG1P);
        CellBatch logarithms = new CellBatch(
                60,
                batch.offsets(),
                batch.genes(),
                batch.values(),
                batch.totals(),
                states,
                batch.disease(),
                batch.label(),
                batch.source(),
                batch.rows());
        assertThat(scaling(logarithms)).isEqualTo(usual(logarithms));
    }

    /** The same cells, each molecule of each gene read from one to two hundred times: no molecules any more, so no scores. */
    @Test
    void readsGoByTheVarianceOfTheirLogarithms() {
        KeyedRandom random = KeyedRandom.of(SEED, 1);
        double[][] molecules = counts(60, 2300);
        double[][] reads = new double[60][];
        for (int cell = 0; cell < 60; cell++) {
            reads[cell] = Arrays.stream(molecules[cell])
                    .map(count -> count * (1 + random.nextInt(200)))
                    .toArray();
        }
        StandardisedVariance ofMolecules = StandardisedVariance.of(rows(molecules), totals(molecules));
        assertThat(ofMolecules.dispersion()).isBetween(0.5, 2.0);
        assertThat(ofMolecules.molecules()).isTrue();
        assertThat(StandardisedVariance.of(rows(reads), totals(reads)).molecules())
                .isFalse();
        CellBatch batch = CellBatches.ofCounts(reads);
        assertThat(scaling(batch)).isEqualTo(usual(batch));
    }

    /** One mean for all, no variance at all, one cell: no NaN. */
    @Test
    void degenerateCountsHaveFiniteScores() {
        for (double[][] counts :
                new double[][][] {{{1, 2, 3}}, {{1, 1}, {1, 1}}, {{0, 2}, {2, 0}}, {{0, 1, 5}, {2, 1, 5}, {4, 1, 5}}}) {
            double[] score =
                    StandardisedVariance.of(rows(counts), totals(counts)).scores();
            assertThat(Arrays.stream(score).allMatch(value -> Double.isFinite(value) && value >= 0))
                    .as(Arrays.deepToString(counts))
                    .isTrue();
        }
        double[][] third = {{0, 1, 5}, {2, 1, 5}, {4, 1, 5}};
        assertThat(StandardisedVariance.of(rows(third), totals(third)).scores()[1])
                .isZero();
    }

    private static int[] scaling(CellBatch batch) {
        ExpressionRows rows = new ExpressionRows(2300);
        rows.add(batch);
        return rows.scaling(rows.build()).genes();
    }

    private static int[] usual(CellBatch batch) {
        return GeneScaling.fit(ExpressionRows.of(batch, 2300), GeneScaling.USUAL_GENES, GeneScaling.USUAL_CLIP)
                .genes();
    }

    private static long markersAmong(int[] genes) {
        return Arrays.stream(genes).filter(gene -> gene < MARKERS).count();
    }

    private static double[][] counts(int cells, int genes) {
        KeyedRandom random = KeyedRandom.of(SEED);
        double[][] counts = new double[cells][genes];
        for (int cell = 0; cell < cells; cell++) {
            for (int gene = 0; gene < genes; gene++) {
                double rate = gene < MARKERS ? (cell % 10 == 0 ? 3 : 0.05) : Math.exp(-1 + 4.0 * gene / genes);
                counts[cell][gene] = poisson(random, rate);
            }
        }
        return counts;
    }

    private static int poisson(KeyedRandom random, double rate) {
        double left = random.nextDouble();
        double chance = Math.exp(-rate);
        int drawn = 0;
        while (left > chance && drawn < 1000) {
            left -= chance;
            chance *= rate / ++drawn;
        }
        return drawn;
    }

    private static double[] totals(double[][] counts) {
        return Arrays.stream(counts)
                .mapToDouble(row -> Arrays.stream(row).sum())
                .toArray();
    }

    private static SparseRows rows(double[][] counts) {
        return ExpressionRows.of(CellBatches.ofCounts(counts), counts[0].length);
    }

    private static double[] byDefinition(double[][] counts) {
        int n = counts.length;
        double[] mean = new double[GENES];
        double[] variance = new double[GENES];
        for (int g = 0; g < GENES; g++) {
            int gene = g;
            mean[g] = Arrays.stream(counts)
                    .mapToDouble(row -> row[gene])
                    .average()
                    .orElseThrow();
            variance[g] = Arrays.stream(counts)
                            .mapToDouble(row -> Math.pow(row[gene] - mean[gene], 2))
                            .sum()
                    / (n - 1);
        }
        double[] x = Arrays.stream(mean).map(Math::log10).toArray();
        double[] y = Arrays.stream(variance).map(Math::log10).toArray();
        double[][] normal = new double[3][3];
        double[] right = new double[3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                int power = i + j;
                normal[i][j] = Arrays.stream(x).map(v -> Math.pow(v, power)).sum();
            }
            int power = i;
            right[i] = IntStream.range(0, GENES)
                    .mapToDouble(g -> Math.pow(x[g], power) * y[g])
                    .sum();
        }
        double[] c = new double[3];
        for (int column = 0; column < 3; column++) {
            double[][] replaced = new double[3][];
            for (int i = 0; i < 3; i++) {
                replaced[i] = normal[i].clone();
                replaced[i][column] = right[i];
            }
            c[column] = determinant(replaced) / determinant(normal);
        }
        double[] score = new double[GENES];
        for (int g = 0; g < GENES; g++) {
            int gene = g;
            double deviation = Math.sqrt(Math.pow(10, c[0] + c[1] * x[g] + c[2] * x[g] * x[g]));
            score[g] = Arrays.stream(counts)
                            .mapToDouble(row ->
                                    Math.pow(Math.min((row[gene] - mean[gene]) / deviation, Math.sqrt(n)), 2))
                            .sum()
                    / (n - 1);
        }
        return score;
    }

    private static double determinant(double[][] m) {
        return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
                - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
                + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
    }
}
