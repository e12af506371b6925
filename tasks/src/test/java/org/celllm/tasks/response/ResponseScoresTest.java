package org.celllm.tasks.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResponseScoresTest {
    /** Ten lines, two drugs; lines 0 to 4 are tested, the responses of drug b are ten higher. */
    private static final DrugResponses RESPONSES = responses();

    private static final ResponseSplit SPLIT = new ResponseSplit(
            "by hand",
            SplitKind.LINES,
            IntStream.range(12, 20).toArray(),
            new int[] {10, 11},
            IntStream.range(0, 10).toArray());

    @Test
    void drugsMeansCorrelateOverAllAndNotWithin() {
        float[] predicted = new float[10];
        for (int i = 0; i < 10; i++) {
            predicted[i] = i % 2 == 0 ? 2 : 12;
        }
        ResponseScores scores = ResponseScores.of(data(null), SPLIT, predicted);
        // Deviations within drugs are −2 … 2 (mean square 2), between them ±5 (25): r = √(25 / 27).
        assertThat(scores.of(ResponseMeasure.PEARSON)).isCloseTo(Math.sqrt(25 / 27.0), within(1e-6));
        assertThat(scores.of(ResponseMeasure.RMSE)).isCloseTo(Math.sqrt(2), within(1e-6));
        assertThat(scores.of(ResponseMeasure.WITHIN_DRUGS)).isZero();
        assertThat(scores.drugs()).isEqualTo(2);
        assertThat(scores.of(ResponseMeasure.WITHIN_LINES))
                .as("lines have two pairs each, too few")
                .isNaN();
        assertThat(scores.lines()).isZero();
        assertThat(scores.of(ResponseMeasure.AUROC)).as("no thresholds").isNaN();
    }

    @Test
    void withinDrugsIsTheMeanOverDrugs() {
        float[] predicted = new float[10];
        for (int i = 0; i < 5; i++) {
            predicted[2 * i] = i;
            predicted[2 * i + 1] = new float[] {1, 0, 2, 4, 3}[i];
        }
        // 1 for drug a; for b products 2 + 2 + 0 + 2 + 2 = 8 over squares of 10.
        assertThat(ResponseScores.of(data(null), SPLIT, predicted).of(ResponseMeasure.WITHIN_DRUGS))
                .isCloseTo((1 + 0.8) / 2, within(1e-6));
    }

    @Test
    void thresholdsMakeClasses() {
        float[] predicted = new float[10];
        for (int i = 0; i < 5; i++) {
            predicted[2 * i] = new float[] {0, 2, 1, 3, 4}[i];
        }
        // Drug a: sensitive below 1.5 are lines 0 and 1, predicted 0 and 2; of six comparisons one is lost. b has none.
        ResponseScores scores = ResponseScores.of(data(Map.of("a", 1.5f)), SPLIT, predicted);
        assertThat(scores.of(ResponseMeasure.AUROC)).isCloseTo(5 / 6.0, within(1e-6));
        assertThat(scores.of(ResponseMeasure.AUROC_WITHIN_DRUGS)).isCloseTo(5 / 6.0, within(1e-6));
        assertThat(scores.of(ResponseMeasure.ACCURACY)).isCloseTo(3 / 5.0, within(1e-6));
    }

    @Test
    void predictionsThatAreNoneAreRefused() {
        float[] predicted = new float[10];
        predicted[3] = Float.NaN;
        assertThatThrownBy(() -> ResponseScores.of(data(null), SPLIT, predicted))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> ResponseScores.of(data(null), SPLIT, new float[9]))
                .hasMessageContaining("9 predictions for 10 pairs");
    }

    private static DrugResponses responses() {
        List<DrugResponses.Response> pairs = new ArrayList<>();
        for (int line = 0; line < 10; line++) {
            pairs.add(new DrugResponses.Response("L" + line, "a", line));
            pairs.add(new DrugResponses.Response("L" + line, "b", line + 10));
        }
        return DrugResponses.of(pairs);
    }

    private static ResponseData data(@org.jspecify.annotations.Nullable Map<String, Float> thresholds) {
        NamedFeatures none = new NamedFeatures(RESPONSES.lines(), List.of("G"), new float[10][1]);
        return ResponseData.of(
                RESPONSES,
                LineTables.of(none),
                null,
                null,
                thresholds == null ? null : new ResponseThresholds(thresholds));
    }
}
