package org.celllm.tasks.response;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.celllm.tasks.metrics.Correlation;
import org.celllm.tasks.metrics.RocArea;

/**
 * How good the predictions of one split are. Over all pairs, differences between drugs dominate, which any method knows
 * that has seen the drugs; within each drug it shows what is known of lines, within each line what of drugs.
 *
 * @param measures NaN where there is nothing to measure
 * @param pairs test pairs
 * @param drugs how many the mean within drugs is over: those with at least {@link #LEAST_PAIRS} test pairs that vary
 * @param lines how many the mean within lines is over
 */
public record ResponseScores(Map<ResponseMeasure, Double> measures, int pairs, int drugs, int lines) {
    /** Test pairs that a drug or line needs to be looked at by itself. */
    public static final int LEAST_PAIRS = 5;

    /** Fewer test pairs than this say little: the standard error of a correlation around 0 is then above 0.18. */
    private static final int FEW_PAIRS = 30;

    public ResponseScores {
        measures = Map.copyOf(measures);
    }

    /** Whether there were too few test pairs to rely on. */
    public boolean isOfFew() {
        return pairs < FEW_PAIRS;
    }

    /** One of them. */
    public double of(ResponseMeasure measure) {
        return measures.getOrDefault(measure, Double.NaN);
    }

    /**
     * Scores predictions.
     *
     * @param predicted [test pairs]
     */
    public static ResponseScores of(ResponseData data, ResponseSplit split, float[] predicted) {
        DrugResponses responses = data.responses();
        int[] test = split.test();
        if (predicted.length != test.length) {
            throw new IllegalArgumentException(predicted.length + " predictions for " + test.length + " pairs");
        }
        for (float value : predicted) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("a prediction is " + value);
            }
        }
        float[] measured = responses.at(test);
        Pairs all = new Pairs(measured, predicted);
        int[][] byDrug = groups(responses.drug(), test, responses.drugs().size());
        int[][] byLine = groups(responses.line(), test, responses.lines().size());
        Mean drugs = mean(byDrug, places -> all.of(places).pearson());
        Mean lines = mean(byLine, places -> all.of(places).pearson());
        Map<ResponseMeasure, Double> measures = new EnumMap<>(ResponseMeasure.class);
        measures.put(ResponseMeasure.PEARSON, all.pearson());
        measures.put(ResponseMeasure.SPEARMAN, Correlation.spearman(measured, predicted));
        measures.put(ResponseMeasure.RMSE, Math.sqrt(SquaredError.of(predicted, responses, test) / test.length));
        measures.put(ResponseMeasure.WITHIN_DRUGS, drugs.value());
        measures.put(ResponseMeasure.WITHIN_LINES, lines.value());
        float[] thresholds = data.thresholds();
        if (thresholds != null) {
            // How far below its drug's threshold a pair lies is comparable between drugs, ln IC50 itself is not.
            int[] known = IntStream.range(0, test.length)
                    .filter(i -> !Float.isNaN(thresholds[responses.drug()[test[i]]]))
                    .toArray();
            float[] below = new float[test.length];
            boolean[] sensitive = new boolean[test.length];
            double right = 0;
            for (int i : known) {
                float threshold = thresholds[responses.drug()[test[i]]];
                below[i] = threshold - predicted[i];
                sensitive[i] = measured[i] < threshold;
                right += sensitive[i] == below[i] > 0 ? 1 : 0;
            }
            measures.put(ResponseMeasure.AUROC, area(sensitive, below, known));
            measures.put(
                    ResponseMeasure.AUROC_WITHIN_DRUGS,
                    mean(
                                    byDrug,
                                    places -> area(
                                            sensitive,
                                            below,
                                            Arrays.stream(places)
                                                    .filter(i -> !Float.isNaN(
                                                            thresholds[responses.drug()[test[i]]]))
                                                    .toArray()))
                            .value());
            measures.put(ResponseMeasure.ACCURACY, right / known.length);
        }
        return new ResponseScores(measures, test.length, drugs.groups(), lines.groups());
    }

    private record Pairs(float[] measured, float[] predicted) {
        Pairs of(int[] places) {
            return new Pairs(chosen(measured, places), chosen(predicted, places));
        }

        double pearson() {
            return Correlation.pearson(measured, predicted);
        }
    }

    private record Mean(double value, int groups) {}

    /** The mean over large enough groups for which there is a figure, NaN without one. */
    private static Mean mean(int[][] groups, ToDoubleFunction<int[]> figure) {
        double[] figures = Arrays.stream(groups)
                .filter(places -> places.length >= LEAST_PAIRS)
                .mapToDouble(figure)
                .filter(value -> !Double.isNaN(value))
                .toArray();
        return new Mean(Arrays.stream(figures).average().orElse(Double.NaN), figures.length);
    }

    private static double area(boolean[] sensitive, float[] below, int[] places) {
        boolean[] positive = new boolean[places.length];
        for (int i = 0; i < places.length; i++) {
            positive[i] = sensitive[places[i]];
        }
        return RocArea.of(positive, chosen(below, places));
    }

    private static int[][] groups(int[] group, int[] test, int groups) {
        List<IntStream.Builder> places = new ArrayList<>();
        for (int g = 0; g < groups; g++) {
            places.add(IntStream.builder());
        }
        for (int i = 0; i < test.length; i++) {
            places.get(group[test[i]]).add(i);
        }
        return places.stream().map(builder -> builder.build().toArray()).toArray(int[][]::new);
    }

    private static float[] chosen(float[] values, int[] places) {
        float[] chosen = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            chosen[i] = values[places[i]];
        }
        return chosen;
    }
}
