package org.celllm.tasks.annotate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.FeatureRows;
import org.celllm.tasks.baselines.CellGraph;
import org.celllm.tasks.baselines.ClassWeights;
import org.celllm.tasks.baselines.Classifier;
import org.celllm.tasks.baselines.LabelSpreading;
import org.celllm.tasks.baselines.LogisticRegression;
import org.jspecify.annotations.Nullable;

/**
 * Learns a class from a few labels and a graph of all cells: the mean of one by their first 15 principal components and, with a fifth
 * of that variance, their embedding, and one by the components that baselines read. Labels, and what is believed of the other cells,
 * are spread ({@link LabelSpreading}); a logistic regression learns from every cell what it was called there; what that one believes is
 * spread once more. Where nothing else is believed, a cell is of the class in whose direction it lies ({@link ClassDirections}), which
 * decides where no label reaches.
 */
final class SpreadLabels {
    /**
     * How much a cell without a label counts beside one with a label, for each label of the median class: what is believed is the
     * better the more labels it comes from.
     */
    private static final double BELIEF = 0.03;

    /** How much all cells without a label count together beside all with one, when directions are all that is believed. */
    private static final double BELIEFS_BY_DIRECTION = 0.3;

    /** Times that beliefs are spread. */
    private static final int ROUNDS = 2;

    /** Variance of the embedding, over all its columns, beside that of the components, which is 1. */
    private static final double EMBEDDING_VARIANCE = 0.2;

    private static final int COMPONENTS = 15;

    private final HeadMember kind;
    private final FeatureRows rows;
    private final DenseRows components;
    private final CellGraph graph;

    /**
     * Makes the graph.
     *
     * @param features of all cells that may be looked at
     * @param embedding whether their embedding counts
     */
    SpreadLabels(HeadFeatures features, boolean embedding) {
        // The regression has to repeat what the graph said of these cells: what the graph was made of is enough for
        // that.
        this.kind = embedding ? HeadMember.SPREAD : HeadMember.SPREAD_COMPONENTS;
        this.rows = features.of(kind);
        this.components = features.components();
        this.graph = graph(features, embedding);
    }

    /** What the regression reads. */
    HeadMember kind() {
        return kind;
    }

    /**
     * Spreads and learns.
     *
     * @param given [cells] classes, −1 for unlabelled
     * @param believed [cells][classes] log-probabilities of all cells; {@code null} where the labels are all that is known
     */
    LogisticRegression fit(int[] given, int classes, double @Nullable [][] believed) {
        double belief = BELIEF * FewLabelFitting.medianLabels(given, classes);
        LogisticRegression regression = believed == null
                ? once(given, ClassDirections.logProbabilities(components, given, classes), byDirection(given))
                : once(given, believed, belief);
        for (int round = 1; round < ROUNDS; round++) {
            regression = once(given, regression.logProbabilities(rows), belief);
        }
        return regression;
    }

    /** How much a cell without a label counts, for all of them to count {@link #BELIEFS_BY_DIRECTION}. */
    private static double byDirection(int[] given) {
        long labelled = Arrays.stream(given).filter(code -> code >= 0).count();
        return BELIEFS_BY_DIRECTION * labelled / Math.max(1, given.length - labelled);
    }

    private LogisticRegression once(int[] given, double[][] believed, double belief) {
        int classes = believed[0].length;
        int[] called = called(LabelSpreading.spread(graph, beliefs(believed, given, classes, belief)), given);
        int[] kept =
                IntStream.range(0, called.length).filter(i -> called[i] >= 0).toArray();
        return LogisticRegression.fit(
                rows.select(kept),
                Arrays.stream(kept).map(i -> called[i]).toArray(),
                classes,
                kind.usual(),
                // Few labels say nothing of how many cells a class has, and rare ones should be called as well.
                ClassWeights.BALANCED);
    }

    /** What is spread: a label counts 1, what is believed of another cell {@code belief}. */
    private static double[][] beliefs(double[][] logs, int[] given, int classes, double belief) {
        double[][] beliefs = new double[given.length][classes];
        for (int i = 0; i < given.length; i++) {
            for (int c = 0; c < classes; c++) {
                if (given[i] >= 0) {
                    beliefs[i][c] = given[i] == c ? 1 : 0;
                } else {
                    beliefs[i][c] = belief * Math.exp(logs[i][c]);
                }
            }
        }
        return beliefs;
    }

    /** What cells are called after spreading; what a cell was labelled stands; −1 where nothing came to. */
    private static int[] called(double[][] chances, int[] given) {
        int[] called = Classifier.likeliest(chances);
        for (int i = 0; i < called.length; i++) {
            double least = Arrays.stream(chances[i]).min().orElse(0);
            called[i] = given[i] >= 0 ? given[i] : chances[i][called[i]] > least ? called[i] : -1;
        }
        return called;
    }

    /** Cells joined by both kinds of components: what is an accident of the genes chosen differs between them. */
    private static CellGraph graph(HeadFeatures features, boolean embedding) {
        CellGraph own = CellGraph.of(places(features, embedding));
        DenseRows usual = features.usualComponents();
        return usual == null
                        || Arrays.deepEquals(
                                usual.values(), features.components().values())
                ? own
                : CellGraph.mean(List.of(own, CellGraph.of(usual.firstColumns(Math.min(COMPONENTS, usual.columns())))));
    }

    /** Where cells lie for the graph. */
    private static DenseRows places(HeadFeatures features, boolean embedding) {
        DenseRows components = features.components()
                .firstColumns(Math.min(COMPONENTS, features.components().columns()));
        return embedding ? scaled(components, 1).beside(scaled(features.embedding(), EMBEDDING_VARIANCE)) : components;
    }

    /** The same rows, made longer or shorter by one factor so that their mean squared length is as wanted. */
    private static DenseRows scaled(DenseRows rows, double squaredLength) {
        double squares = 1e-12;
        for (float[] row : rows.values()) {
            for (float value : row) {
                squares += (double) value * value / rows.rows();
            }
        }
        float factor = (float) Math.sqrt(squaredLength / squares);
        float[][] scaled = new float[rows.rows()][];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = rows.values()[i].clone();
            for (int j = 0; j < scaled[i].length; j++) {
                scaled[i][j] *= factor;
            }
        }
        return new DenseRows(scaled, rows.columns());
    }
}
