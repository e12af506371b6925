package org.celllm.tasks.isotropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.Workers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ViewAgreementTest {
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void end() {
        WORKERS.close();
    }

    @Test
    void alignmentAndUniformityAreThoseOfAllPairs() {
        for (int trial = 0; trial < 10; trial++) {
            int n = 2 + 13 * trial;
            float[][] first = SpreadTest.rows(trial, n, 7, trial % 3);
            float[][] second = SpreadTest.rows(100 + trial, n, 7, trial % 3);
            double alignment = 0;
            for (int i = 0; i < n; i++) {
                alignment += distance(first[i], second[i]) / n;
            }
            ViewAgreement found = ViewAgreement.of(first, second, WORKERS);
            assertThat(found.cells()).isEqualTo(n);
            assertThat(found.alignment()).isCloseTo(alignment, within(1e-6));
            assertThat(found.uniformity()).isCloseTo((uniformity(first) + uniformity(second)) / 2, within(1e-5));
        }
    }

    @Test
    void pairsInDifferentTilesCountAsOthersDo() {
        float[][] rows = SpreadTest.rows(1, 2300, 5, 0.5f);
        assertThat(Uniformity.of(Directions.of(rows), WORKERS)).isCloseTo(uniformity(rows), within(1e-5));
    }

    @Test
    void rowsPairedWithThemselvesAreAligned() {
        float[][] rows = SpreadTest.rows(2, 50, 9, 1);
        assertThat(ViewAgreement.of(rows, rows, WORKERS).alignment()).isZero();
        float[][] opposite = new float[50][9];
        for (int i = 0; i < 50; i++) {
            for (int d = 0; d < 9; d++) {
                opposite[i][d] = -2 * rows[i][d];
            }
        }
        assertThat(ViewAgreement.of(rows, opposite, WORKERS).alignment()).isCloseTo(4, within(1e-6));
    }

    @Test
    void whatCollapsedIsLeastUniformAndACloudMoreUniformThanACone() {
        float[][] collapsed = new float[40][];
        Arrays.fill(collapsed, new float[] {1, 2, 2});
        assertThat(ViewAgreement.of(collapsed, collapsed, WORKERS).uniformity()).isCloseTo(0, within(1e-5));
        float[][] cloud = SpreadTest.rows(3, 400, 16, 0);
        float[][] cone = SpreadTest.rows(3, 400, 16, 2);
        double even = ViewAgreement.of(cloud, cloud, WORKERS).uniformity();
        assertThat(even).isBetween(-4.0, -3.2);
        assertThat(ViewAgreement.of(cone, cone, WORKERS).uniformity()).isGreaterThan(even + 1);
    }

    @Test
    void rotatingTheSpaceChangesNothing() {
        float[][] first = SpreadTest.rows(4, 60, 6, 1);
        float[][] second = SpreadTest.rows(5, 60, 6, 1);
        double[][] rotation = SpreadTest.rotation(KeyedRandom.of(8), 6);
        ViewAgreement before = ViewAgreement.of(first, second, WORKERS);
        ViewAgreement after = ViewAgreement.of(turned(first, rotation), turned(second, rotation), WORKERS);
        assertThat(after.alignment()).isCloseTo(before.alignment(), within(1e-5));
        assertThat(after.uniformity()).isCloseTo(before.uniformity(), within(1e-5));
    }

    @Test
    void aCellWithoutADirectionInOneViewIsLeftOut() {
        float[][] first = SpreadTest.rows(6, 20, 4, 0);
        float[][] second = SpreadTest.rows(7, 20, 4, 0);
        second[3] = new float[4];
        ViewAgreement agreement = ViewAgreement.of(first, second, WORKERS);
        assertThat(agreement.cells()).isEqualTo(19);
        assertThat(agreement.alignment()).isBetween(0.0, 4.0);
        ViewAgreement none = ViewAgreement.of(new float[20][4], second, WORKERS);
        assertThat(none.cells()).isZero();
        assertThat(none.alignment()).isNaN();
        assertThat(none.uniformity()).isNaN();
    }

    private static float[][] turned(float[][] rows, double[][] rotation) {
        return Arrays.stream(rows)
                .map(row -> SpreadTest.turned(row, rotation, 2))
                .toArray(float[][]::new);
    }

    private static double uniformity(float[][] rows) {
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows.length; j++) {
                sum += i == j ? 0 : Math.exp(-2 * distance(rows[i], rows[j]));
            }
        }
        return Math.log(sum / rows.length / (rows.length - 1));
    }

    /** Squared, between the directions. */
    private static double distance(float[] a, float[] b) {
        double one = 0;
        double other = 0;
        for (int i = 0; i < a.length; i++) {
            one += (double) a[i] * a[i];
            other += (double) b[i] * b[i];
        }
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = a[i] / Math.sqrt(one) - b[i] / Math.sqrt(other);
            sum += difference * difference;
        }
        return sum;
    }
}
