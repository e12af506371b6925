package org.celllm.tasks.isotropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.tasks.RandomRows;
import org.junit.jupiter.api.Test;

class SpreadTest {
    private static final long SEED = Long.getLong("celllm.seed", 5);

    @Test
    void meanCosineIsThatOfAllPairs() {
        for (int trial = 0; trial < 20; trial++) {
            float[][] rows = rows(trial, 2 + 7 * trial, 1 + trial % 9, trial % 3);
            double sum = 0;
            for (int i = 0; i < rows.length; i++) {
                for (int j = 0; j < rows.length; j++) {
                    sum += i == j ? 0 : cosine(rows[i], rows[j]);
                }
            }
            double mean = sum / rows.length / (rows.length - 1);
            assertThat(Spread.of(rows).meanCosine())
                    .as("seed %d, trial %d", SEED, trial)
                    .isCloseTo(mean, within(1e-6));
        }
    }

    @Test
    void singularValuesAreThoseOfTheMatrixOfDirections() {
        for (int trial = 0; trial < 10; trial++) {
            int n = 3 + 17 * trial;
            float[][] rows = rows(trial, n, 12, 1);
            Spread spread = Spread.of(rows);
            float[][] units = Directions.of(rows);
            assertThat(spread.spectrum().values())
                    .as("seed %d, trial %d", SEED, trial)
                    .containsExactly(singularValues(units, 12), within(1e-6));
            float[][] centred = centred(units);
            double[] expected = Arrays.copyOf(singularValues(centred, 12), Math.min(n - 1, 12));
            assertThat(spread.centred().values()).containsExactly(expected, within(1e-6));
        }
    }

    @Test
    void identicalRowsPointOneWay() {
        float[][] rows = new float[30][];
        Arrays.fill(rows, new float[] {3, -4, 1, 0, 2});
        Spread spread = Spread.of(rows);
        assertThat(spread.meanCosine()).isCloseTo(1, within(1e-6));
        assertThat(spread.spectrum().firstShare()).isCloseTo(1, within(1e-9));
        assertThat(spread.spectrum().effectiveRank()).isCloseTo(1, within(1e-9));
        assertThat(spread.spectrum().participationRatio()).isCloseTo(1, within(1e-9));
        assertThat(spread.centred().effectiveRank()).isNaN();
        assertThat(spread.centred().firstShare()).isNaN();
    }

    @Test
    void aGaussianCloudFillsTheSpaceAndAShiftedOneIsACone() {
        int dim = 24;
        Spread cloud = Spread.of(rows(1, 4000, dim, 0));
        assertThat(cloud.meanCosine()).isCloseTo(0, within(2e-3));
        assertThat(cloud.spectrum().effectiveRank()).isGreaterThan(dim - 0.2);
        assertThat(cloud.spectrum().participationRatio()).isGreaterThan(dim - 0.5);
        assertThat(cloud.spectrum().firstShare()).isLessThan(1.3 / dim);

        Spread cone = Spread.of(rows(1, 4000, dim, 3));
        assertThat(cone.meanCosine()).isGreaterThan(0.85);
        assertThat(cone.spectrum().firstShare()).isGreaterThan(0.85);
        assertThat(cone.spectrum().effectiveRank()).isLessThan(dim - 2.0);
        assertThat(cone.centred().effectiveRank())
                .as("around the cone's axis the cloud is as round as before")
                .isGreaterThan(dim - 1.5);
    }

    @Test
    void rotatingTheSpaceOrScalingRowsChangesNothing() {
        float[][] rows = rows(2, 200, 8, 1);
        float[][] turned = new float[rows.length][];
        KeyedRandom random = KeyedRandom.of(SEED, 9);
        double[][] rotation = rotation(random, 8);
        for (int i = 0; i < rows.length; i++) {
            turned[i] = turned(rows[i], rotation, 0.1 + 5 * random.nextDouble());
        }
        Spread one = Spread.of(rows);
        Spread other = Spread.of(turned);
        assertThat(other.meanCosine()).isCloseTo(one.meanCosine(), within(1e-6));
        assertThat(other.spectrum().values()).containsExactly(one.spectrum().values(), within(1e-5));
        assertThat(other.centred().effectiveRank()).isCloseTo(one.centred().effectiveRank(), within(1e-5));
    }

    @Test
    void tilesOfRowsAddUp() {
        float[][] rows = rows(3, 2500, 6, 1);
        Spread spread = Spread.of(rows);
        assertThat(spread.spectrum().values()).containsExactly(singularValues(Directions.of(rows), 6), within(1e-4));
    }

    @Test
    void aDirectionOfRoundingErrorsIsNone() {
        float[][] rows = rows(7, 300, 6, 1);
        float[][] flat = new float[300][];
        for (int i = 0; i < 300; i++) {
            rows[i][5] = 0;
            flat[i] = SpreadTest.turned(rows[i], rotation(KeyedRandom.of(3), 6), 1);
        }
        assertThat(Spread.of(flat).spectrum().values()[4]).isGreaterThan(1);
        assertThat(Spread.of(flat).spectrum().values()[5]).isZero();
    }

    @Test
    void fewerCellsThanDimensionsHaveAsManyDirections() {
        Spread spread = Spread.of(rows(4, 5, 20, 0));
        assertThat(spread.spectrum().values()).hasSize(5);
        assertThat(spread.centred().values()).hasSize(4);
        assertThat(spread.spectrum().relative()[0]).isEqualTo(1);
        assertThat(spread.spectrum().effectiveRank()).isBetween(4.0, 5.0);
    }

    @Test
    void cellsWithoutADirectionAreLeftOut() {
        float[][] rows = rows(6, 40, 7, 1);
        float[][] more = Arrays.copyOf(rows, 42);
        more[40] = new float[7];
        more[41] = new float[7];
        assertThat(Spread.of(more).cells()).isEqualTo(40);
        assertThat(Spread.of(more).meanCosine()).isEqualTo(Spread.of(rows).meanCosine());
        assertThat(Spread.of(new float[][] {{1, 2}, {0, 0}}).meanCosine()).isNaN();
        assertThat(Spread.of(new float[3][4]).spectrum().effectiveRank()).isNaN();
        more[41][3] = Float.NaN;
        assertThatThrownBy(() -> Spread.of(more)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Normal numbers around {@code shift} in every dimension. */
    static float[][] rows(int trial, int rows, int columns, float shift) {
        float[][] values =
                RandomRows.gaussian(KeyedRandom.of(SEED, trial), rows, columns).values();
        for (float[] row : values) {
            for (int i = 0; i < columns; i++) {
                row[i] += shift;
            }
        }
        return values;
    }

    /** A random rotation: Gram and Schmidt on normal numbers. */
    static double[][] rotation(KeyedRandom random, int dim) {
        double[][] axes = new double[dim][dim];
        for (int i = 0; i < dim; i++) {
            for (int d = 0; d < dim; d++) {
                axes[i][d] = random.nextGaussian();
            }
            for (int pass = 0; pass < 2; pass++) {
                for (int j = 0; j < i; j++) {
                    double along = 0;
                    for (int d = 0; d < dim; d++) {
                        along += axes[i][d] * axes[j][d];
                    }
                    for (int d = 0; d < dim; d++) {
                        axes[i][d] -= along * axes[j][d];
                    }
                }
            }
            double length = Math.sqrt(Arrays.stream(axes[i]).map(x -> x * x).sum());
            for (int d = 0; d < dim; d++) {
                axes[i][d] /= length;
            }
        }
        return axes;
    }

    static float[] turned(float[] row, double[][] rotation, double scale) {
        float[] turned = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            double sum = 0;
            for (int d = 0; d < row.length; d++) {
                sum += rotation[i][d] * row[d];
            }
            turned[i] = (float) (scale * sum);
        }
        return turned;
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double one = 0;
        double other = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            one += (double) a[i] * a[i];
            other += (double) b[i] * b[i];
        }
        return product / Math.sqrt(one * other);
    }

    private static float[][] centred(float[][] rows) {
        double[] mean = new double[rows[0].length];
        for (float[] row : rows) {
            for (int d = 0; d < mean.length; d++) {
                mean[d] += row[d] / (double) rows.length;
            }
        }
        float[][] centred = new float[rows.length][mean.length];
        for (int i = 0; i < rows.length; i++) {
            for (int d = 0; d < mean.length; d++) {
                centred[i][d] = (float) (rows[i][d] - mean[d]);
            }
        }
        return centred;
    }

    private static double[] singularValues(float[][] rows, int dim) {
        double[][] values = new double[1][];
        Native.runWithoutGradient(() -> values[0] = TensorArrays.doubles(
                torch.linalg_svdvals(TensorArrays.of(Directions.flat(rows, 0, rows.length), rows.length, dim)
                        .to(torch.ScalarType.Double))));
        return values[0];
    }
}
