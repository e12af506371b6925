package org.celllm.tasks.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.FeatureRows;
import org.celllm.tasks.annotate.FewLabelFitting;
import org.celllm.tasks.annotate.HeadFitting;
import org.celllm.tasks.annotate.HeadMember;
import org.celllm.tasks.annotate.HeadSettings;
import org.celllm.tasks.baselines.ClassWeights;
import org.celllm.tasks.baselines.Classifier;
import org.celllm.tasks.baselines.GradientBoostedTrees;
import org.celllm.tasks.baselines.LogisticRegression;
import org.celllm.tasks.baselines.MajorityClass;
import org.celllm.tasks.baselines.NearestNeighbours;
import org.celllm.tasks.baselines.RidgeClassifier;
import org.celllm.tasks.neighbours.CosineNeighbours;

/** The model's heads and the baselines, as methods. */
public final class Methods {
    /** Inverse penalty of logistic regression on genes: scikit-learn's default, and near the best on what we tried. */
    private static final double GENES_STRENGTH = 1;

    /** Inverse penalty of logistic regression on components: what the published figures used. */
    private static final double COMPONENTS_STRENGTH = 0.1;

    /** Inverse penalty of logistic regression on a standardised embedding. */
    private static final double EMBEDDING_STRENGTH = 0.1;

    private static final double RIDGE_PENALTY = 1000;
    private static final int NEIGHBOURS = 15;

    private static final String EMBEDDING_ONLY = "model, embedding only";

    private static final String WITHOUT_EMBEDDING = "model without its embedding";

    private Methods() {}

    /** The model and everything it is measured against, the model first. */
    public static List<Method> all() {
        return all(ClassWeights.NONE);
    }

    /** The same, with heads whose cells count by their class; baselines stay as they are. */
    public static List<Method> all(ClassWeights heads) {
        return List.of(
                head("model", heads, Sight.NOT_TESTED, HeadMember.usualMembers()),
                head(EMBEDDING_ONLY, heads, Sight.NOT_TESTED, HeadMember.EMBEDDING),
                logisticOnGenes(),
                logisticOnComponents(15),
                logisticOnComponents(50),
                logisticOnHeadComponents(),
                ridge(),
                neighbours(),
                majority());
    }

    /**
     * As {@link #all()}, with the model's head without its embedding: what the trunk adds is the difference.
     *
     * @param testedSeen whether heads may look at the tested cells without their labels: where a few cells of a file are
     *     labelled to name the others
     */
    public static List<Method> withAblation(boolean testedSeen) {
        List<Method> methods = new ArrayList<>(all());
        Sight sight = testedSeen ? Sight.ALL : Sight.NOT_TESTED;
        methods.set(0, head("model", ClassWeights.NONE, sight, HeadMember.usualMembers()));
        methods.add(2, head(WITHOUT_EMBEDDING, ClassWeights.NONE, sight, HeadMember.withoutEmbedding()));
        return methods;
    }

    /**
     * As {@link #all()}, with the model's head without its embedding, where one file is learned from and another tested on: heads see
     * the first alone. Baselines are taught on the genes that both files have. Beside those whose components are of the first file's
     * cells stand those whose components are of both.
     */
    public static List<Method> acrossFiles(TwoFiles files, long seed) {
        Sight first = (cell, split) -> cell < files.first();
        List<Method> methods = new ArrayList<>(all());
        methods.set(0, head("model", ClassWeights.NONE, first, HeadMember.usualMembers()));
        methods.set(1, head(EMBEDDING_ONLY, ClassWeights.NONE, first, HeadMember.EMBEDDING));
        methods.add(2, head(WITHOUT_EMBEDDING, ClassWeights.NONE, first, HeadMember.withoutEmbedding()));
        EvaluationData together = files.together(seed);
        for (Method method : List.of(logisticOnComponents(15), logisticOnComponents(50), neighbours())) {
            methods.add(methods.size() - 1, on(together, method, method.name() + " of both files"));
        }
        return methods;
    }

    private static Method on(EvaluationData data, Method method, String name) {
        return new Method() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double[][] logProbabilities(EvaluationData others, Split split, long seed) {
                return method.logProbabilities(data, split, seed);
            }
        };
    }

    /**
     * What an embedding is worth by itself, without any head that could make up for it: logistic regression and nearest
     * neighbours on the embedding, beside the same on components.
     */
    public static List<Method> probes() {
        return List.of(
                plain("logistic regression, embedding", data -> data.head().embedding(), EMBEDDING_STRENGTH),
                neighboursOf("embedding", data -> data.head().embedding()),
                cosineNeighbours(),
                cosineNeighbours("embedding, standardised", data -> data.head().embedding()),
                logisticOnComponents(15),
                logisticOnComponents(50),
                neighbours(),
                majority());
    }

    /** What can tell cells of a type that was not there to learn from: the model, its parts, and baselines. */
    public static List<Method> forNovelTypes() {
        return List.of(
                model(),
                embeddingOnly(),
                logisticOnGenes(),
                logisticOnComponents(15),
                logisticOnComponents(50),
                neighbours());
    }

    /** What {@code celllm neighbours} does, without knowing the labels of the test cells. */
    public static Method cosineNeighbours() {
        return cosineNeighbours("embedding", EvaluationData::encoded);
    }

    private static Method cosineNeighbours(String what, Function<EvaluationData, FeatureRows> features) {
        return fitted(
                NEIGHBOURS + " nearest neighbours by cosine, " + what,
                features,
                (rows, training) ->
                        new CosineNeighbours((DenseRows) rows, training.codes(), training.classes(), NEIGHBOURS));
    }

    /** The annotator's head: embedding, genes and components. */
    public static Method model() {
        return head("model", ClassWeights.NONE, Sight.NOT_TESTED, HeadMember.usualMembers());
    }

    /** The head on the embedding alone: what the trunk contributes without help. */
    public static Method embeddingOnly() {
        return head(EMBEDDING_ONLY, ClassWeights.NONE, Sight.NOT_TESTED, HeadMember.EMBEDDING);
    }

    /** Logistic regression on log-normalised genes, all of them. */
    public static Method logisticOnGenes() {
        return plain("logistic regression, genes", EvaluationData::genes, GENES_STRENGTH);
    }

    /** Logistic regression on the first principal components. */
    public static Method logisticOnComponents(int components) {
        return plain(
                "logistic regression, " + components + " components",
                data -> first(data.components(), components),
                COMPONENTS_STRENGTH);
    }

    /**
     * Logistic regression on the first 15 principal components that the model's head reads: what the choice of their genes is worth
     * by itself.
     */
    public static Method logisticOnHeadComponents() {
        return plain(
                "logistic regression, 15 components of the model's genes",
                data -> first(data.head().components(), 15),
                COMPONENTS_STRENGTH);
    }

    /** Ridge regression on the 2,000 most variable genes, scaled. */
    public static Method ridge() {
        return fitted(
                "ridge, 2,000 genes",
                EvaluationData::scaled,
                (rows, training) -> RidgeClassifier.fit(rows, training.codes(), training.classes(), RIDGE_PENALTY));
    }

    /** The nearest cells among the first 15 components. */
    public static Method neighbours() {
        return neighboursOf("15 components", data -> first(data.components(), 15));
    }

    private static Method neighboursOf(String what, Function<EvaluationData, FeatureRows> features) {
        return fitted(
                NEIGHBOURS + " nearest neighbours, " + what,
                features,
                (rows, training) ->
                        new NearestNeighbours((DenseRows) rows, training.codes(), training.classes(), NEIGHBOURS));
    }

    /** Gradient-boosted trees on the 2,000 most variable genes, scaled. */
    public static Method boostedTrees() {
        return new Method() {
            @Override
            public String name() {
                return "gradient-boosted trees, 2,000 genes";
            }

            @Override
            public double[][] logProbabilities(EvaluationData data, Split split, long seed) {
                return GradientBoostedTrees.fit(
                                data.scaled().select(split.train()),
                                Split.codes(data.labels().codes(), split.train()),
                                data.labels().classes(),
                                seed)
                        .logProbabilities(data.scaled().select(split.test()));
            }
        };
    }

    /** The commonest class. */
    public static Method majority() {
        return fitted(
                "majority class",
                EvaluationData::components,
                (rows, training) -> MajorityClass.fit(training.codes(), training.classes()));
    }

    private record Training(int[] codes, int classes) {}

    private static DenseRows first(DenseRows components, int wanted) {
        return components.firstColumns(Math.min(wanted, components.columns()));
    }

    private static Method plain(String name, Function<EvaluationData, FeatureRows> features, double strength) {
        return fitted(
                name,
                features,
                (rows, training) -> LogisticRegression.fit(
                        rows, training.codes(), training.classes(), strength, ClassWeights.NONE));
    }

    private static Method fitted(
            String name,
            Function<EvaluationData, FeatureRows> features,
            BiFunction<FeatureRows, Training, Classifier> fit) {
        return new Method() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double[][] logProbabilities(EvaluationData data, Split split, long seed) {
                FeatureRows rows = features.apply(data);
                Training training = new Training(
                        Split.codes(data.labels().codes(), split.train()),
                        data.labels().classes());
                return fit.apply(rows.select(split.train()), training).logProbabilities(rows.select(split.test()));
            }
        };
    }

    /** Which cells a head may look at, with or without a label. */
    @FunctionalInterface
    private interface Sight {
        /** All of them: a few cells of a file are labelled to name the others. */
        Sight ALL = (cell, split) -> true;

        /** All but the tested ones. */
        Sight NOT_TESTED = (cell, split) -> Arrays.binarySearch(split.test(), cell) < 0;

        boolean sees(int cell, Split split);
    }

    private static Method head(String name, ClassWeights weights, Sight sight, HeadMember... members) {
        return new Method() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double[][] logProbabilities(EvaluationData data, Split split, long seed) {
                int[] codes = new int[data.head().rows()];
                Arrays.fill(codes, -1);
                IntStream.of(split.train())
                        .forEach(i -> codes[i] = data.labels().codes()[i]);
                int[] seen = IntStream.range(0, codes.length)
                        .filter(i -> sight.sees(i, split))
                        .toArray();
                HeadFitting.Result fit = FewLabelFitting.fit(
                        data.head().select(seen),
                        Split.codes(codes, seen),
                        data.labels().classes(),
                        HeadSettings.usual(seed).withMembers(members).with(weights));
                return fit.head().logProbabilities(data.head().select(split.test()));
            }
        };
    }
}
