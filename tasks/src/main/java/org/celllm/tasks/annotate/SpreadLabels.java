package org.celllm.tasks.annotate;

import java.util.Arrays;
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
 * Learns a class from a few labels and a graph of all cells: by their first 15 principal components and, with a fifth of that
 * variance, their embedding. Labels, and what is believed of the other cells, are spread ({@link LabelSpreading}); a logistic
 * regression learns from every cell what it was called there; what that one believes is spread once more.
 */
final class SpreadLabels {
    /** How much a cell without a label counts beside one with a label. */
    private static final double BELIEF = 0.05;

    /** Times that beliefs are spread. */
    private static final int ROUNDS = 2;

    /** Variance of the embedding, over all its columns, beside that of the components, which is 1. */
    private static final double EMBEDDING_VARIANCE = 0.2;

    private static final int COMPONENTS = 15;

    private final HeadMember kind;
    private final FeatureRows rows;
    private final CellGraph graph;
    private final ClassWeights classWeights;

    /**
     * Makes the graph.
     *
     * @param features of all cells that may be looked at
     * @param embedding whether their embedding counts
     * @param classWeights of the regression
     */
    SpreadLabels(HeadFeatures features, boolean embedding, ClassWeights classWeights) {
        // The regression has to repeat what the graph said of these cells: what the graph was made of is enough for
        // that.
        this.kind = embedding ? HeadMember.SPREAD : HeadMember.SPREAD_COMPONENTS;
        this.rows = features.of(kind);
        this.graph = CellGraph.of(places(features, embedding));
        this.classWeights = classWeights;
    }

    /** What the regression reads. */
    HeadMember kind() {
        return kind;
    }

    /**
     * Spreads and learns.
     *
     * @param given [cells] classes, −1 for unlabelled
     * @param believed [cells][classes] log-probabilities of all cells; {@code null} to begin from the labels alone
     */
    LogisticRegression fit(int[] given, int classes, double @Nullable [][] believed) {
        LogisticRegression regression = once(given, classes, believed);
        for (int round = 1; round < ROUNDS; round++) {
            regression = once(given, classes, regression.logProbabilities(rows));
        }
        return regression;
    }

    private LogisticRegression once(int[] given, int classes, double @Nullable [][] believed) {
        int[] called = called(LabelSpreading.spread(graph, beliefs(believed, given, classes)), given);
        int[] kept =
                IntStream.range(0, called.length).filter(i -> called[i] >= 0).toArray();
        return LogisticRegression.fit(
                rows.select(kept),
                Arrays.stream(kept).map(i -> called[i]).toArray(),
                classes,
                kind.usual(),
                classWeights);
    }

    /** What is spread: a label counts 1, what is believed of another cell {@link #BELIEF}. */
    private static double[][] beliefs(double @Nullable [][] logs, int[] given, int classes) {
        double[][] beliefs = new double[given.length][classes];
        for (int i = 0; i < given.length; i++) {
            for (int c = 0; c < classes; c++) {
                if (given[i] >= 0) {
                    beliefs[i][c] = given[i] == c ? 1 : 0;
                } else if (logs != null) {
                    beliefs[i][c] = BELIEF * Math.exp(logs[i][c]);
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
