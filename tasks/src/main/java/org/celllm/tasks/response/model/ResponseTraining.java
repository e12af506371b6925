package org.celllm.tasks.response.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.celllm.data.progress.Progress;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.response.ResponseData;
import org.celllm.tasks.response.ResponseMeasure;
import org.celllm.tasks.response.ResponseMethods;
import org.celllm.tasks.response.ResponseScores;
import org.celllm.tasks.response.ResponseSplit;
import org.celllm.tasks.response.ResponseSplits;
import org.celllm.tasks.response.SplitKind;

/**
 * Fits a {@link ResponseModel} on all pairs. For each kind of unseen pair a split sets pairs aside: a tenth chooses settings and
 * blends the paths, another tenth is scored beside drug + line and goes into the model's card. Then all pairs are fitted with the
 * settings that unseen lines chose.
 */
public final class ResponseTraining {
    private static final String BASELINE = "drug + line";

    private ResponseTraining() {}

    /**
     * A model and its card.
     *
     * @param model the caller closes it
     * @param scores of held-out pairs, by kind and then method
     */
    public record Result(ResponseModel model, Map<SplitKind, Map<String, ResponseScores>> scores) {}

    private record Tuned(
            PairProcess.Choice wide, PairNetworkPath.Choice deep, Blend blend, Map<String, ResponseScores> scores) {}

    /**
     * Fits.
     *
     * @param seed of splits and networks
     * @throws IllegalArgumentException when there are too few lines, drugs or pairs to set some aside
     */
    public static Result fit(ResponseData data, long seed, Workers workers, Progress progress) {
        PairProcess wide = new PairProcess();
        PairNetworkPath deep = new PairNetworkPath(NetworkSettings.USUAL);
        Map<SplitKind, Tuned> tuned = new EnumMap<>(SplitKind.class);
        try (Progress.Task task = progress.start("Fitting", "fits", SplitKind.values().length + 1L)) {
            for (SplitKind kind : SplitKind.values()) {
                task.note(kind.description() + " set aside");
                tuned.put(
                        kind,
                        tune(data, ResponseSplits.split(data.responses(), kind, seed), wide, deep, seed, workers));
                task.advance(1);
            }
            task.note("all pairs");
            Tuned lines = of(tuned, SplitKind.LINES);
            int[] all = IntStream.range(0, data.responses().pairs()).toArray();
            TrainedPairProcess wideOfAll = wide.fit(data, all, lines.wide(), seed, workers);
            TrainedPairNetworks deepOfAll = deep.fit(data, all, lines.deep(), seed, workers);
            task.advance(1);
            Map<SplitKind, Blend> blends = new EnumMap<>(SplitKind.class);
            Map<SplitKind, Double> errors = new EnumMap<>(SplitKind.class);
            Map<SplitKind, Map<String, ResponseScores>> scores = new EnumMap<>(SplitKind.class);
            tuned.forEach((kind, one) -> {
                blends.put(kind, one.blend());
                scores.put(kind, one.scores());
                errors.put(kind, of(one.scores(), ResponseModelMethods.MODEL).of(ResponseMeasure.RMSE));
            });
            return new Result(
                    new ResponseModel(
                            wideOfAll, deepOfAll, blends, errors, data.lines().kinds(), data.molecules()),
                    scores);
        }
    }

    private static Tuned tune(
            ResponseData data,
            ResponseSplit split,
            PairProcess wide,
            PairNetworkPath deep,
            long seed,
            Workers workers) {
        ResponsePath.Fitted<PairProcess.Choice> first =
                wide.fit(data, split.train(), split.validation(), seed, workers);
        ResponsePath.Fitted<PairNetworkPath.Choice> second =
                deep.fit(data, split.train(), split.validation(), seed, workers);
        List<double[][]> predicted = new ArrayList<>();
        try (TrainedPath one = first.trained();
                TrainedPath other = second.trained()) {
            predicted.add(one.predict(ResponseQuery.of(data)));
            predicted.add(other.predict(ResponseQuery.of(data)));
        }
        Blend blend = ResponseModelFit.blend(data.responses(), split.train(), split.validation(), predicted);
        float[][] test = ResponseModelFit.ofTest(data.responses(), split.test(), blend, predicted);
        Map<String, ResponseScores> scores = new java.util.LinkedHashMap<>();
        scores.put(ResponseModelMethods.MODEL, ResponseScores.of(data, split, test[0]));
        scores.put(wide.name(), ResponseScores.of(data, split, test[1]));
        scores.put(deep.name(), ResponseScores.of(data, split, test[2]));
        scores.put(
                BASELINE,
                ResponseScores.of(data, split, ResponseMethods.additive().predict(data, split, seed)));
        return new Tuned(first.choice(), second.choice(), blend, scores);
    }

    private static <K, V> V of(Map<K, V> map, K key) {
        V value = map.get(key);
        if (value == null) {
            throw new IllegalStateException("nothing for " + key);
        }
        return value;
    }

    /** The scores for {@code --json} and a model's card. */
    public static ObjectNode toJson(Map<SplitKind, Map<String, ResponseScores>> scores) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        scores.forEach((kind, methods) -> {
            ObjectNode ofKind = json.putObject(kind.word());
            methods.forEach((method, values) -> {
                ObjectNode ofMethod = ofKind.putObject(method);
                ofMethod.put("pairs", values.pairs());
                for (ResponseMeasure measure : ResponseMeasure.values()) {
                    double value = values.of(measure);
                    if (Double.isFinite(value)) {
                        ofMethod.put(measure.word(), value);
                    }
                }
            });
        });
        return json;
    }
}
