package org.celllm.tasks.response.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.response.DrugResponses;
import org.celllm.tasks.response.ResponseData;
import org.celllm.tasks.response.ResponseSplit;

/** Fits the paths of the response model and their {@link Blend}. */
final class ResponseModelFit {
    private ResponseModelFit() {}

    /** The paths, in the order of a blend's weights. */
    static List<ResponsePath<?>> paths() {
        return List.of(new PairProcess(), new PairNetworkPath(NetworkSettings.USUAL));
    }

    /**
     * Fits on a split's training pairs, settings and blend by its validation pairs, and predicts its test pairs.
     *
     * @return [1 + paths][test pairs] the blend's and each path's
     */
    static float[][] predictTest(ResponseData data, ResponseSplit split, long seed, Workers workers) {
        List<double[][]> predicted = new ArrayList<>();
        for (ResponsePath<?> path : paths()) {
            try (TrainedPath trained = path.fit(data, split.train(), split.validation(), seed, workers)
                    .trained()) {
                predicted.add(trained.predict(ResponseQuery.of(data)));
            }
        }
        Blend blend = blend(data.responses(), split.train(), split.validation(), predicted);
        return ofTest(data.responses(), split.test(), blend, predicted);
    }

    /**
     * Predictions of some pairs.
     *
     * @param predicted one [lines][drugs] a path
     * @return [1 + paths][pairs] the blend's and each path's
     */
    static float[][] ofTest(DrugResponses responses, int[] pairs, Blend blend, List<double[][]> predicted) {
        float[][] test = new float[1 + predicted.size()][pairs.length];
        double[] one = new double[predicted.size()];
        for (int i = 0; i < pairs.length; i++) {
            for (int p = 0; p < one.length; p++) {
                one[p] = at(predicted.get(p), responses, pairs[i]);
                test[1 + p][i] = (float) one[p];
            }
            test[0][i] = (float) blend.of(one);
        }
        return test;
    }

    /**
     * The blend of paths by pairs that they were not fitted on.
     *
     * @param predicted one [lines][drugs] a path
     */
    static Blend blend(DrugResponses responses, int[] train, int[] validation, List<double[][]> predicted) {
        double mean = Arrays.stream(train)
                .mapToDouble(pair -> responses.lnIc50()[pair])
                .average()
                .orElse(0);
        double[][] ofPairs = new double[predicted.size()][validation.length];
        double[] measured = new double[validation.length];
        for (int i = 0; i < validation.length; i++) {
            measured[i] = responses.lnIc50()[validation[i]];
            for (int p = 0; p < ofPairs.length; p++) {
                ofPairs[p][i] = at(predicted.get(p), responses, validation[i]);
            }
        }
        long lines = Arrays.stream(validation)
                .map(pair -> responses.line()[pair])
                .distinct()
                .count();
        long drugs = Arrays.stream(validation)
                .map(pair -> responses.drug()[pair])
                .distinct()
                .count();
        return Blend.fit(mean, ofPairs, measured, (int) Math.min(lines, drugs));
    }

    private static double at(double[][] predicted, DrugResponses responses, int pair) {
        return predicted[responses.line()[pair]][responses.drug()[pair]];
    }
}
