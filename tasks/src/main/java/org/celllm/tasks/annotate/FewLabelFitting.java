package org.celllm.tasks.annotate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.baselines.CellGraph;
import org.celllm.tasks.baselines.Classifier;
import org.celllm.tasks.baselines.LabelSpreading;

/**
 * Fits a head on few labels and many cells without one. Where the median class has fewer than {@link #ENOUGH} labelled
 * cells, what a head fitted on those alone believes of every cell, with the labels themselves, is spread over a graph of all the cells
 * ({@link LabelSpreading}): by their first 15 principal components and, with a fifth of that variance, their embedding. A second
 * head learns from every cell what it was called there, and what that one believes is spread once more. So cells
 * without a label count, as they do for principal components, and the result still is a rule for cells of other files.
 * With enough labels, or members that read no components, the head is fitted on the labelled cells alone.
 */
public final class FewLabelFitting {
    /** Labelled cells of the median class from which on nothing is spread. */
    public static final int ENOUGH = 20;

    /** How much a cell without a label counts beside one with a label. */
    private static final double BELIEF = 0.05;

    /** Times that beliefs are spread. */
    private static final int ROUNDS = 2;

    /** Variance of the embedding, over all its columns, beside that of the components, which is 1. */
    private static final double EMBEDDING_VARIANCE = 0.2;

    private static final int COMPONENTS = 15;
    private static final int MOST_CELLS = 4000;
    private static final long SAMPLE = 0x5E5;

    private FewLabelFitting() {}

    /**
     * Fits.
     *
     * @param features of all cells that may be looked at
     * @param codes [cells] classes, −1 for unlabelled
     * @param classes how many there are
     */
    public static HeadFitting.Result fit(HeadFeatures features, int[] codes, int classes, HeadSettings settings) {
        int[] labelled =
                IntStream.range(0, codes.length).filter(i -> codes[i] >= 0).toArray();
        HeadFitting.Result result =
                HeadFitting.fit(features.select(labelled), select(codes, labelled), classes, settings);
        if (labelled.length == codes.length
                || !settings.members().contains(HeadMember.COMPONENTS)
                || !isFew(codes, classes)) {
            return result;
        }
        int[] cells = sample(codes, settings.seed());
        HeadFeatures seen = features.select(cells);
        int[] given = select(codes, cells);
        boolean embedding = settings.members().stream().anyMatch(FewLabelFitting::readsEmbedding);
        CellGraph graph = CellGraph.of(places(seen, embedding));
        // The head has to repeat what the graph said of these cells: what the graph was made of is enough for that.
        HeadSettings repeats =
                settings.withMembers(embedding ? HeadMember.EMBEDDING_AND_COMPONENTS : HeadMember.COMPONENTS);
        for (int round = 0; round < ROUNDS; round++) {
            // Where no label could be held out, how likely a head finds a class is not calibrated: labels alone are
            // spread.
            double belief = result.innerFolds() > 0 ? BELIEF : 0;
            double[][] beliefs = beliefs(result.head().logProbabilities(seen), given, belief);
            int[] called = called(LabelSpreading.spread(graph, beliefs), given);
            int[] kept = IntStream.range(0, called.length)
                    .filter(i -> called[i] >= 0)
                    .toArray();
            result = HeadFitting.fit(seen.select(kept), select(called, kept), classes, repeats);
        }
        return result;
    }

    /**
     * Fits for a split of cells, where those beside the training cells may be looked at without their labels.
     *
     * @param features of all cells that may be looked at
     * @param codes [cells] classes, of which only those of training cells are
     * @param train training cells
     */
    public static HeadFitting.Result fit(
            HeadFeatures features, int[] codes, int[] train, int classes, HeadSettings settings) {
        int[] known = new int[features.rows()];
        Arrays.fill(known, -1);
        for (int cell : train) {
            known[cell] = codes[cell];
        }
        return fit(features, known, classes, settings);
    }

    /** Whether the median of the classes that have labels has too few of them for a head by itself; of two, the smaller. */
    static boolean isFew(int[] codes, int classes) {
        int[] counts = new int[classes];
        for (int code : codes) {
            if (code >= 0) {
                counts[code]++;
            }
        }
        int[] sorted = Arrays.stream(counts).filter(count -> count > 0).sorted().toArray();
        return sorted.length > 0 && sorted[(sorted.length - 1) / 2] < ENOUGH;
    }

    /** What is spread: a label counts 1, what is believed of another cell {@code belief}. */
    private static double[][] beliefs(double[][] logs, int[] given, double belief) {
        for (int i = 0; i < logs.length; i++) {
            for (int c = 0; c < logs[i].length; c++) {
                logs[i][c] = given[i] >= 0 ? (given[i] == c ? 1 : 0) : belief * Math.exp(logs[i][c]);
            }
        }
        return logs;
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

    private static boolean readsEmbedding(HeadMember member) {
        return member == HeadMember.EMBEDDING || member == HeadMember.EMBEDDING_AND_COMPONENTS;
    }

    /** All labelled cells, and others at random as long as there is room. */
    private static int[] sample(int[] codes, long seed) {
        int room = MOST_CELLS;
        boolean[] kept = new boolean[codes.length];
        for (int i = 0; i < codes.length; i++) {
            if (codes[i] >= 0) {
                kept[i] = true;
                room--;
            }
        }
        for (int cell : KeyedRandom.of(seed, SAMPLE).permutation(codes.length)) {
            if (!kept[cell] && room-- > 0) {
                kept[cell] = true;
            }
        }
        return IntStream.range(0, codes.length).filter(i -> kept[i]).toArray();
    }

    private static int[] select(int[] values, int[] places) {
        return Arrays.stream(places).map(i -> values[i]).toArray();
    }

    /** Members of a head that sees neither the embedding nor anything made of it. */
    public static HeadMember[] withoutEmbedding() {
        return List.of(HeadMember.values()).stream()
                .filter(member -> !readsEmbedding(member))
                .toArray(HeadMember[]::new);
    }
}
