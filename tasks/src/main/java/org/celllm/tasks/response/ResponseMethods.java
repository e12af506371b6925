package org.celllm.tasks.response;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.celllm.tasks.drug.Molecule;

/** The baselines. */
public final class ResponseMethods {
    private ResponseMethods() {}

    /**
     * All that the data has the features for; the first, which the others are compared with, is {@link #additive}.
     */
    public static List<ResponseMethod> baselines(ResponseData data) {
        List<ResponseMethod> methods =
                new ArrayList<>(List.of(additive(), globalMean(), drugMean(), lineMean(), matrixCompletion(), ridge()));
        if (data.lines().mutation() != null || data.lines().copyNumber() != null) {
            methods.add(ridgeOnAll());
        }
        NamedFeatures features = data.drugFeatures();
        List<Molecule> molecules = data.molecules();
        if (features != null) {
            methods.add(pairwiseRidge("drug features", features));
        } else if (molecules != null) {
            methods.add(pairwiseRidge("ECFP4", NamedFeatures.fingerprints(molecules)));
            methods.add(new PairwiseRidge(
                    "pairwise ridge, the model's similarity",
                    (all, split) -> Similarity.ofMolecules(molecules, all.responses(), split.train())));
        }
        return methods;
    }

    /** The mean of the training pairs. */
    public static ResponseMethod globalMean() {
        return means("global mean", responses -> new int[responses.pairs()], responses -> 1);
    }

    /** The mean of the drug's training pairs. */
    public static ResponseMethod drugMean() {
        return means(
                "drug mean", DrugResponses::drug, responses -> responses.drugs().size());
    }

    /** The mean of the line's training pairs. */
    public static ResponseMethod lineMean() {
        return means(
                "line mean", DrugResponses::line, responses -> responses.lines().size());
    }

    /** Drug plus line, shrunken. */
    public static ResponseMethod additive() {
        return named(
                "drug + line",
                (data, split) ->
                        AdditiveEffects.tuned(data.responses(), split).predict(data.responses(), split.test()));
    }

    /** Biases and factors, without features. */
    public static ResponseMethod matrixCompletion() {
        return new MatrixCompletion();
    }

    /** A ridge on expression within each drug. */
    public static ResponseMethod ridge() {
        return new WithinDrugRidge(
                "ridge within drug, expression", data -> List.of(data.lines().expression()));
    }

    /** A ridge within each drug on expression and what else there is of lines. */
    public static ResponseMethod ridgeOnAll() {
        return new WithinDrugRidge(
                "ridge within drug, all features",
                data -> Stream.of(
                                data.lines().expression(),
                                data.lines().mutation(),
                                data.lines().copyNumber())
                        .flatMap(Stream::ofNullable)
                        .toList());
    }

    /**
     * A ridge on expression and drug features.
     *
     * @param what the features are
     * @param features [drugs, features]
     */
    public static ResponseMethod pairwiseRidge(String what, NamedFeatures features) {
        return new PairwiseRidge("pairwise ridge, " + what, (data, split) -> Similarity.ofDrugs(features));
    }

    private static ResponseMethod means(
            String name, Function<DrugResponses, int[]> group, ToIntFunction<DrugResponses> groups) {
        return named(name, (data, split) -> {
            int[] of = group.apply(data.responses());
            double[] means = GroupMeans.of(data.responses(), split.train(), of, groups.applyAsInt(data.responses()));
            float[] predicted = new float[split.test().length];
            for (int i = 0; i < predicted.length; i++) {
                predicted[i] = (float) means[of[split.test()[i]]];
            }
            return predicted;
        });
    }

    private static ResponseMethod named(String name, BiFunction<ResponseData, ResponseSplit, float[]> predict) {
        return new ResponseMethod() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public float[] predict(ResponseData data, ResponseSplit split, long seed) {
                return predict.apply(data, split);
            }
        };
    }
}
