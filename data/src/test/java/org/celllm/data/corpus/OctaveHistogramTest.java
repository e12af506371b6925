package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class OctaveHistogramTest {
    @RepeatedTest(20)
    void agreesWithTheSortedNumbers(RepetitionInfo repetition) {
        KeyedRandom random = KeyedRandom.of(41, repetition.getCurrentRepetition());
        double[] numbers = new double[1 + random.nextInt(3000)];
        double scale = Math.exp(random.nextDouble() * 12);
        Arrays.setAll(numbers, i -> random.nextInt(20) == 0 ? 0 : scale * Math.exp(random.nextGaussian()));
        OctaveHistogram histogram = of(numbers);
        Arrays.sort(numbers);

        assertThat(histogram.count()).isEqualTo(numbers.length);
        assertThat(histogram.least()).isEqualTo(numbers[0]);
        assertThat(histogram.most()).isEqualTo(numbers[numbers.length - 1]);
        assertThat(histogram.mean()).isCloseTo(Arrays.stream(numbers).average().orElse(0), Offset.offset(1e-3));
        for (double share : new double[] {0, .05, .25, .5, .95, 1}) {
            double exact = numbers[Math.max(0, (int) Math.ceil(share * numbers.length) - 1)];
            assertThat(histogram.quantile(share)).as("at " + share).isCloseTo(exact, Percentage.withPercentage(.4));
        }
        assertThat(histogram.between(0, scale) + histogram.between(scale, 1e300))
                .isEqualTo(numbers.length);
        long exact = Arrays.stream(numbers).filter(number -> number < scale).count();
        assertThat((double) histogram.between(0, scale))
                .isCloseTo((double) exact, Offset.offset(.01 * numbers.length + 1));
    }

    @Test
    void isExactForWholeNumbersBelow512() {
        KeyedRandom random = KeyedRandom.of(42);
        double[] numbers = random.ints(1001, 0, 512).asDoubleStream().toArray();
        OctaveHistogram histogram = of(numbers);
        Arrays.sort(numbers);
        for (int rank = 1; rank <= numbers.length; rank++) {
            assertThat(histogram.quantile((rank - .5) / numbers.length)).isEqualTo(numbers[rank - 1]);
        }
        assertThat(histogram.between(17, 18))
                .isEqualTo(Arrays.stream(numbers).filter(n -> n == 17).count());
    }

    @Test
    void addsUpToTheSameInAnyOrder() {
        OctaveHistogram one = of(.1, 5, 1e9);
        OctaveHistogram two = of(.3, 7e-9, 123_456.7);
        OctaveHistogram forth = new OctaveHistogram();
        forth.add(one);
        forth.add(two);
        OctaveHistogram back = new OctaveHistogram();
        back.add(two);
        back.add(one);
        assertThat(forth.mean()).isEqualTo(back.mean());
        assertThat(forth.quantile(.5)).isEqualTo(back.quantile(.5)).isEqualTo(.3, Offset.offset(.002));
        assertThat(forth.count()).isEqualTo(6);
    }

    @Test
    void hasNoFiguresWithoutNumbersAndNoPlaceForWhatIsNone() {
        OctaveHistogram none = new OctaveHistogram();
        assertThat(none.mean()).isNaN();
        assertThat(none.quantile(.5)).isNaN();
        assertThat(none.least()).isNaN();
        assertThatThrownBy(() -> none.add(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThat(of(-2, 3).quantile(.5)).isEqualTo(-2);
    }

    private static OctaveHistogram of(double... numbers) {
        OctaveHistogram histogram = new OctaveHistogram();
        Arrays.stream(numbers).forEach(histogram::add);
        return histogram;
    }
}
