package org.celllm.tasks.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.celllm.data.progress.Progress;
import org.junit.jupiter.api.Test;

class ResponseMethodsTest {
    private static final SimulatedResponses SIMULATED = SimulatedResponses.of(120, 30, 5);

    private static final String PAIRWISE = "pairwise ridge, drug features";

    @Test
    void matrixCompletionFindsWhatEffectsMissOnRandomPairs() {
        ResponseEvaluation evaluation = run(
                SIMULATED.data(),
                SplitKind.RANDOM,
                ResponseMethods.additive(),
                ResponseMethods.matrixCompletion(),
                ResponseMethods.drugMean(),
                ResponseMethods.globalMean());
        assertThat(value(evaluation, "matrix completion", ResponseMeasure.PEARSON))
                .isGreaterThan(0.97);
        assertThat(value(evaluation, "matrix completion", ResponseMeasure.RMSE))
                .as("the noise is 0.3")
                .isBetween(0.28, 0.45);
        assertThat(value(evaluation, "drug + line", ResponseMeasure.RMSE))
                .as("the factors leave a deviation of 1.4")
                .isBetween(1.1, 1.8);
        assertThat(value(evaluation, "drug + line", ResponseMeasure.PEARSON))
                .isGreaterThan(value(evaluation, "drug mean", ResponseMeasure.PEARSON));
        assertThat(value(evaluation, "global mean", ResponseMeasure.PEARSON)).isZero();
    }

    @Test
    void ridgeBeatsTheDrugsMeanOnUnseenLinesAndWithShuffledFeaturesDoesNot() {
        ResponseEvaluation evaluation =
                run(SIMULATED.data(), SplitKind.LINES, ResponseMethods.drugMean(), ResponseMethods.ridge());
        assertThat(value(evaluation, "drug mean", ResponseMeasure.WITHIN_DRUGS))
                .as("it knows nothing of lines")
                .isZero();
        assertThat(value(evaluation, ResponseMethods.ridge().name(), ResponseMeasure.WITHIN_DRUGS))
                .isGreaterThan(0.6);
        assertThat(value(evaluation, ResponseMethods.ridge().name(), ResponseMeasure.PEARSON))
                .isGreaterThan(value(evaluation, "drug mean", ResponseMeasure.PEARSON) + 0.03);

        ResponseEvaluation shuffled =
                run(SIMULATED.shuffled(7), SplitKind.LINES, ResponseMethods.drugMean(), ResponseMethods.ridge());
        assertThat(value(shuffled, ResponseMethods.ridge().name(), ResponseMeasure.WITHIN_DRUGS))
                .isBetween(-0.2, 0.2);
        assertThat(value(shuffled, ResponseMethods.ridge().name(), ResponseMeasure.PEARSON))
                .isLessThan(value(shuffled, "drug mean", ResponseMeasure.PEARSON) + 0.01);
    }

    @Test
    void onUnseenLinesCompletionIsLeftWithTheDrugs() {
        ResponseEvaluation evaluation = run(
                SIMULATED.data(),
                SplitKind.LINES,
                ResponseMethods.drugMean(),
                ResponseMethods.additive(),
                ResponseMethods.matrixCompletion());
        double drugs = value(evaluation, "drug mean", ResponseMeasure.PEARSON);
        assertThat(value(evaluation, "drug + line", ResponseMeasure.PEARSON)).isBetween(drugs - 0.01, drugs + 0.01);
        assertThat(value(evaluation, "matrix completion", ResponseMeasure.PEARSON))
                .isBetween(drugs - 0.02, drugs + 0.02);
        assertThat(value(evaluation, "drug + line", ResponseMeasure.WITHIN_DRUGS))
                .isZero();
    }

    @Test
    void featuresOfDrugsTellOfUnseenOnes() {
        ResponseEvaluation evaluation = run(
                SIMULATED.data(),
                SplitKind.DRUGS,
                ResponseMethods.lineMean(),
                ResponseMethods.pairwiseRidge("drug features", SIMULATED.drugFeatures()));
        assertThat(value(evaluation, PAIRWISE, ResponseMeasure.PEARSON))
                .isGreaterThan(value(evaluation, "line mean", ResponseMeasure.PEARSON) + 0.2);
    }

    @Test
    void methodsWithoutTheirFeaturesAreLeftOut() {
        assertThat(ResponseMethods.baselines(SIMULATED.data()))
                .extracting(ResponseMethod::name)
                .startsWith("drug + line")
                .contains(PAIRWISE)
                .doesNotContain(ResponseMethods.ridgeOnAll().name());
        assertThat(ResponseMethods.baselines(ResponseData.of(SIMULATED.responses(), SIMULATED.expression())))
                .extracting(ResponseMethod::name)
                .doesNotContain(PAIRWISE);
    }

    @Test
    void whatIsPredictedDependsOnNoTestResponse() {
        ResponseData data = SIMULATED.data();
        for (SplitKind kind : SplitKind.values()) {
            ResponseSplit split = ResponseSplits.split(data.responses(), kind, 3);
            float[] others = data.responses().lnIc50().clone();
            for (int pair : split.test()) {
                others[pair] = -others[pair] + 5;
            }
            DrugResponses r = data.responses();
            DrugResponses changed = new DrugResponses(r.lines(), r.drugs(), r.line(), r.drug(), others);
            ResponseData blind = ResponseData.of(changed, data.lines(), data.drugFeatures(), null, null);
            for (ResponseMethod method : ResponseMethods.baselines(data)) {
                assertThat(method.predict(blind, split, 3))
                        .as("%s, %s", method.name(), kind)
                        .isEqualTo(method.predict(data, split, 3));
            }
        }
    }

    private static ResponseEvaluation run(ResponseData data, SplitKind kind, ResponseMethod... methods) {
        return ResponseProtocol.of(data.responses(), kind, 2).run(data, List.of(methods), Progress.SILENT);
    }

    private static double value(ResponseEvaluation evaluation, String method, ResponseMeasure measure) {
        return java.util.Objects.requireNonNull(evaluation.of(method).of(measure))
                .mean();
    }
}
