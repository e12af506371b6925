package org.celllm.tasks.response.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.celllm.data.progress.Progress;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.response.DrugResponses;
import org.celllm.tasks.response.ResponseData;
import org.celllm.tasks.response.ResponseEvaluation;
import org.celllm.tasks.response.ResponseMeasure;
import org.celllm.tasks.response.ResponseMethod;
import org.celllm.tasks.response.ResponseMethods;
import org.celllm.tasks.response.ResponseProtocol;
import org.celllm.tasks.response.ResponseSplit;
import org.celllm.tasks.response.ResponseSplits;
import org.celllm.tasks.response.SimulatedResponses;
import org.celllm.tasks.response.SplitKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ResponseModelMethodsTest {
    private static final SimulatedResponses SIMULATED = SimulatedResponses.of(120, 30, 5);
    private static Workers workers;

    @BeforeAll
    static void start() {
        workers = new Workers(2);
    }

    @AfterAll
    static void end() {
        workers.close();
    }

    @Test
    void theGaussianProcessBeatsCompletionOnRandomPairs() {
        ResponseEvaluation evaluation =
                run(SIMULATED.data(), SplitKind.RANDOM, wide(SIMULATED.data()), ResponseMethods.matrixCompletion());
        assertThat(value(evaluation, 0, ResponseMeasure.RMSE))
                .as("the noise is 0.3")
                .isBetween(0.28, value(evaluation, 1, ResponseMeasure.RMSE));
    }

    @Test
    void theGaussianProcessKnowsUnseenLinesByTheirFeaturesAndShuffledOnesTellNothing() {
        ResponseEvaluation evaluation =
                run(SIMULATED.data(), SplitKind.LINES, wide(SIMULATED.data()), ResponseMethods.ridge());
        assertThat(value(evaluation, 0, ResponseMeasure.WITHIN_DRUGS))
                .isGreaterThan(value(evaluation, 1, ResponseMeasure.WITHIN_DRUGS));
        ResponseData shuffled = SIMULATED.shuffled(7);
        ResponseEvaluation blind = run(shuffled, SplitKind.LINES, wide(shuffled), ResponseMethods.ridge());
        assertThat(value(blind, 0, ResponseMeasure.WITHIN_DRUGS)).isBetween(-0.25, 0.25);
    }

    @Test
    void theGaussianProcessKnowsUnseenDrugsByTheirFeatures() {
        ResponseEvaluation evaluation =
                run(SIMULATED.data(), SplitKind.DRUGS, wide(SIMULATED.data()), ResponseMethods.lineMean());
        assertThat(value(evaluation, 0, ResponseMeasure.PEARSON))
                .isGreaterThan(value(evaluation, 1, ResponseMeasure.PEARSON) + 0.2);
    }

    @Test
    void theBlendIsNotFarFromItsBestPartAndKnowsNoTestResponse() {
        ResponseData data = SIMULATED.data();
        ResponseSplit split = ResponseSplits.split(data.responses(), SplitKind.LINES, 3);
        List<ResponseMethod> methods = ResponseModelMethods.of(data, workers);
        List<float[]> predicted = new ArrayList<>();
        double[] errors = new double[methods.size()];
        for (int m = 0; m < errors.length; m++) {
            predicted.add(methods.get(m).predict(data, split, 3));
            errors[m] = error(data.responses(), split.test(), predicted.get(m));
        }
        assertThat(errors[0])
                .as("weights come from twelve lines")
                .isLessThan(Math.max(errors[1], errors[2]))
                .isLessThan(1.3 * Math.min(errors[1], errors[2]));
        float[] others = data.responses().lnIc50().clone();
        for (int pair : split.test()) {
            others[pair] = 5 - others[pair];
        }
        DrugResponses r = data.responses();
        DrugResponses changed = new DrugResponses(r.lines(), r.drugs(), r.line(), r.drug(), others);
        ResponseData blind = ResponseData.of(changed, data.lines(), data.drugFeatures(), null, null);
        List<ResponseMethod> again = ResponseModelMethods.of(blind, workers);
        for (int m = 0; m < errors.length; m++) {
            assertThat(again.get(m).predict(blind, split, 3))
                    .as(again.get(m).name())
                    .isEqualTo(predicted.get(m));
        }
    }

    private static double error(DrugResponses responses, int[] pairs, float[] predicted) {
        double error = 0;
        for (int i = 0; i < pairs.length; i++) {
            error += Math.pow(predicted[i] - responses.lnIc50()[pairs[i]], 2);
        }
        return error;
    }

    /** The wide path, fitted by itself. */
    private static ResponseMethod wide(ResponseData of) {
        return new ResponseMethod() {
            @Override
            public String name() {
                return "wide";
            }

            @Override
            public float[] predict(ResponseData data, ResponseSplit split, long seed) {
                try (TrainedPath path = new PairProcess()
                        .fit(of, split.train(), split.validation(), seed, workers)
                        .trained()) {
                    double[][] all = path.predict(ResponseQuery.of(of));
                    float[] test = new float[split.test().length];
                    for (int i = 0; i < test.length; i++) {
                        int pair = split.test()[i];
                        test[i] = (float) all[data.responses().line()[pair]][
                                data.responses().drug()[pair]];
                    }
                    return test;
                }
            }
        };
    }

    private static ResponseEvaluation run(ResponseData data, SplitKind kind, ResponseMethod... methods) {
        return ResponseProtocol.of(data.responses(), kind, 2).run(data, List.of(methods), Progress.SILENT);
    }

    private static double value(ResponseEvaluation evaluation, int method, ResponseMeasure measure) {
        return Objects.requireNonNull(evaluation.scores().get(method).of(measure))
                .mean();
    }
}
