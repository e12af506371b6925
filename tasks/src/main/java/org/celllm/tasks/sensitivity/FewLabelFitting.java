package org.celllm.tasks.sensitivity;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.annotate.HeadFeatures;
import org.celllm.tasks.annotate.HeadFitting;
import org.celllm.tasks.annotate.HeadMember;
import org.celllm.tasks.annotate.HeadSettings;
import org.celllm.tasks.baselines.LabelSpreading;

/**
 * Fits a head on few labels and many cells without one. With fewer than {@link #ENOUGH} labelled cells in some class the
 * labels are first spread over a graph of all the cells ({@link LabelSpreading}), by their first 15 principal components
 * and, with a fifth of that variance, their embedding; the head then learns from every cell what it was called there.
 * So cells without a label count, as they do for principal components, and the result still is a rule for cells of other
 * files. With enough labels, the head is the annotator's own.
 */
public final class FewLabelFitting {
    /** Labelled cells of the smallest class from which on no labels are spread. */
    public static final int ENOUGH = 20;

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
        if (!isFew(codes, classes)) {
            return HeadFitting.fit(features.select(labelled), select(codes, labelled), classes, settings);
        }
        int[] cells = sample(codes, settings.seed());
        HeadFeatures seen = features.select(cells);
        int[] given = select(codes, cells);
        boolean embedding = settings.members().stream().anyMatch(FewLabelFitting::readsEmbedding);
        double[][] chances = LabelSpreading.spread(places(seen, embedding), given, classes);
        int[] called = called(chances, given);
        int[] kept =
                IntStream.range(0, called.length).filter(i -> called[i] >= 0).toArray();
        // The head has to repeat what the graph said of these cells: what the graph was made of is enough for that.
        HeadMember member = embedding ? HeadMember.EMBEDDING_AND_COMPONENTS : HeadMember.COMPONENTS;
        return HeadFitting.fit(seen.select(kept), select(called, kept), classes, settings.withMembers(member));
    }

    /** Whether some class that has labels has too few of them for a head by itself. */
    static boolean isFew(int[] codes, int classes) {
        int[] counts = new int[classes];
        for (int code : codes) {
            if (code >= 0) {
                counts[code]++;
            }
        }
        return Arrays.stream(counts).filter(count -> count > 0).min().orElse(0) < ENOUGH;
    }

    /** The classes that labels were spread to; what a cell was labelled stands; −1 where no label came to. */
    private static int[] called(double[][] chances, int[] given) {
        int[] called = given.clone();
        for (int i = 0; i < called.length; i++) {
            if (called[i] < 0) {
                int best = 0;
                for (int c = 1; c < chances[i].length; c++) {
                    best = chances[i][c] > chances[i][best] ? c : best;
                }
                double least = Arrays.stream(chances[i]).min().orElse(0);
                called[i] = chances[i][best] > least ? best : -1;
            }
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
    static HeadMember[] withoutEmbedding() {
        return List.of(HeadMember.values()).stream()
                .filter(member -> !readsEmbedding(member))
                .toArray(HeadMember[]::new);
    }
}
