package org.celllm.tasks.sensitivity;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.tasks.annotate.FewLabelFitting;
import org.celllm.tasks.annotate.HeadFeatures;
import org.celllm.tasks.annotate.HeadMember;
import org.celllm.tasks.annotate.HeadSettings;
import org.celllm.tasks.annotate.LabelledCells;
import org.celllm.tasks.baselines.GradientBoostedTrees;
import org.celllm.tasks.evaluate.EvaluationData;
import org.celllm.tasks.evaluate.Method;
import org.celllm.tasks.evaluate.Methods;
import org.celllm.tasks.evaluate.Split;

/** The model of sensitivity and what it is measured against, as methods. */
public final class SensitivityMethods {
    private SensitivityMethods() {}

    /**
     * The model first; then the same without the trunk's embedding, so that what the trunk adds is the difference; then the
     * baselines. Boosted trees are left out where LightGBM cannot be loaded.
     *
     * @param visible cells that may be looked at without their labels: the first so many of the evaluation's
     * @param encoder whether the model is to read the embedding: not where {@link LabelledCells#valuesAreScaled}
     */
    public static List<Method> all(int visible, boolean encoder) {
        List<Method> methods = new ArrayList<>(List.of(
                model("model", visible, members(encoder)),
                model("model without its embedding", visible, HeadMember.withoutEmbedding()),
                Methods.embeddingOnly(),
                Methods.logisticOnGenes(),
                Methods.logisticOnComponents(15),
                Methods.logisticOnComponents(50),
                Methods.logisticOnHeadComponents(),
                Methods.ridge(),
                Methods.neighbours()));
        if (GradientBoostedTrees.isAvailable()) {
            methods.add(Methods.boostedTrees());
        }
        methods.add(Methods.majority());
        return List.copyOf(methods);
    }

    /**
     * What a predictor's head may be put together from.
     *
     * @param encoder as for {@link #all}
     */
    static HeadMember[] members(boolean encoder) {
        return encoder ? HeadMember.usualMembers() : HeadMember.withoutEmbedding();
    }

    private static Method model(String name, int visible, HeadMember... members) {
        return new Method() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public double[][] logProbabilities(EvaluationData data, Split split, long seed) {
                HeadFeatures seen = visible == data.head().rows()
                        ? data.head()
                        : data.head().select(IntStream.range(0, visible).toArray());
                return FewLabelFitting.fit(
                                seen,
                                data.labels().codes(),
                                split.train(),
                                data.labels().classes(),
                                HeadSettings.usual(seed).withMembers(members))
                        .head()
                        .logProbabilities(data.head().select(split.test()));
            }
        };
    }
}
