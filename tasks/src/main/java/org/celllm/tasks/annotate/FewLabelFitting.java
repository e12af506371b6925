package org.celllm.tasks.annotate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.baselines.Classifier;
import org.celllm.tasks.baselines.LogisticRegression;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.evaluate.Splits;

/**
 * Fits a head on few labels and many cells without one. Where the median class has fewer than {@link #ENOUGH} labelled
 * cells, and at least as many cells have none, a head fitted on those alone is joined by a member that learned from labels spread over
 * all the cells ({@link SpreadLabels}), so cells without a label count, as they do for principal components, and the result still is a
 * rule for cells of other files. What was spread decides and the first head counts {@link #BESIDE} as much, unless labels that are held out in
 * turn, those of classes that have two at least, tell that it calls more cells wrong than by chance. With enough labels, or
 * members that read no components, the head is fitted on the labelled cells alone.
 */
public final class FewLabelFitting {
    /** Labelled cells of the median class from which on nothing is spread. */
    public static final int ENOUGH = 20;

    /** What the first head counts beside what was spread. */
    private static final double BESIDE = 0.5;

    /**
     * The same where every class has a single label: too little to move what is spread, whose steps it ranks the cells within.
     */
    private static final double BESIDE_SINGLE = 1;

    /** Standard errors by which the first head alone has to be better for what was spread to be left out. */
    private static final double CERTAIN = 1.5;

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
    public static HeadFitting.Result fit(HeadFeatures features, int[] codes, int classes, HeadSettings given) {
        HeadSettings settings = isFew(codes, classes) ? given.withoutMoreComponents() : given;
        int[] labelled = labelled(codes);
        boolean all = labelled.length == codes.length;
        HeadFitting.Result alone =
                HeadFitting.fit(all ? features : features.select(labelled), select(codes, labelled), classes, settings);
        if (2 * labelled.length > codes.length
                || labelled.length >= MOST_CELLS
                || !settings.members().contains(HeadMember.COMPONENTS)
                || !isFew(codes, classes)) {
            return alone;
        }
        int[] cells = sample(codes, settings.seed());
        HeadFeatures seen = features.select(cells);
        int[] known = select(codes, cells);
        int[] counts = counts(known, classes);
        boolean single = Arrays.stream(counts).max().orElse(0) < 2;
        // Nothing can tell whether an embedding does good or harm to so few labels.
        boolean embedding = !single && settings.members().stream().anyMatch(HeadMember::readsEmbedding);
        SpreadLabels spread = new SpreadLabels(seen, embedding);
        if (single) {
            LogisticRegression regression = spread.fit(known, classes, null);
            return joined(alone, BESIDE_SINGLE, spread.kind(), regression, 1, Double.NaN);
        }
        LogisticRegression regression = spread.fit(known, classes, alone.head().logProbabilities(seen));
        Held held = held(seen, known, counts, alone, settings, spread);
        double loss = Stacking.balancedLoss(held.spread(), held.codes());
        double[] weights = held.spreadMisleads() ? new double[] {1, 0} : new double[] {BESIDE, 1};
        weights = Stacking.calibrated(List.of(held.alone(), held.spread()), weights, held.codes());
        return joined(alone, weights[0], spread.kind(), regression, weights[1], loss);
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
        return fit(features, only(codes, train, features.rows()), classes, settings);
    }

    /** How many cells without a label are looked at beside so many with one. */
    static int cellsWithout(int cells, int labelled) {
        return Math.min(cells, MOST_CELLS) - labelled;
    }

    /** Whether the median of the classes that have labels has too few of them for a head by itself; of two, the smaller. */
    static boolean isFew(int[] codes, int classes) {
        int median = medianLabels(codes, classes);
        return median > 0 && median < ENOUGH;
    }

    /** Labelled cells of the median of the classes that have any; of two, the smaller; 0 where none is labelled. */
    static int medianLabels(int[] codes, int classes) {
        int[] sorted = Arrays.stream(counts(codes, classes))
                .filter(count -> count > 0)
                .sorted()
                .toArray();
        return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) / 2];
    }

    /**
     * What both ways say of labelled cells whose label they were not given: [cells][classes] log-probabilities. The penalties and
     * weights inside the first head were chosen with these labels, though.
     */
    private record Held(double[][] alone, double[][] spread, int[] codes) {
        /** Whether the first head alone calls more of them right than both together, by more than chance would have it. */
        boolean spreadMisleads() {
            double[][] together = new double[codes.length][];
            for (int i = 0; i < codes.length; i++) {
                together[i] = new double[alone[i].length];
                for (int c = 0; c < together[i].length; c++) {
                    together[i][c] = BESIDE * alone[i][c] + spread[i][c];
                }
            }
            int[] before = Classifier.likeliest(alone);
            int[] after = Classifier.likeliest(together);
            int lost = 0;
            int won = 0;
            for (int i = 0; i < codes.length; i++) {
                lost += before[i] == codes[i] && after[i] != codes[i] ? 1 : 0;
                won += after[i] == codes[i] && before[i] != codes[i] ? 1 : 0;
            }
            return lost - won > CERTAIN * Math.sqrt((double) lost + won);
        }
    }

    private static Held held(
            HeadFeatures seen,
            int[] given,
            int[] counts,
            HeadFitting.Result all,
            HeadSettings settings,
            SpreadLabels spread) {
        int classes = counts.length;
        // A class's only label is always given: without it, the class would not be known.
        int[] single = IntStream.range(0, given.length)
                .filter(i -> given[i] >= 0 && counts[given[i]] < 2)
                .toArray();
        int[] places = IntStream.range(0, given.length)
                .filter(i -> given[i] >= 0 && counts[given[i]] > 1)
                .toArray();
        int[] known = select(given, places);
        int fewest = Arrays.stream(counts).filter(count -> count > 1).min().orElse(2);
        Held held = new Held(new double[places.length][], new double[places.length][], known);
        for (Split split : Splits.folds(known, classes, Math.min(settings.innerFolds(), fewest), settings.seed())) {
            int[] train = IntStream.concat(IntStream.of(select(places, split.train())), IntStream.of(single))
                    .sorted()
                    .toArray();
            int[] test = select(places, split.test());
            AnnotationHead head =
                    HeadFitting.fitAs(all.choices(), seen.select(train), select(given, train), classes, settings);
            double[][] alone = head.logProbabilities(seen);
            LogisticRegression regression = spread.fit(only(given, train, given.length), classes, alone);
            double[][] after = regression.logProbabilities(seen.select(test).of(spread.kind()));
            for (int i = 0; i < test.length; i++) {
                held.alone()[split.test()[i]] = alone[test[i]];
                held.spread()[split.test()[i]] = after[i];
            }
        }
        return held;
    }

    private static HeadFitting.Result joined(
            HeadFitting.Result alone,
            double factor,
            HeadMember kind,
            LogisticRegression regression,
            double weight,
            double loss) {
        List<AnnotationHead.Member> members = new ArrayList<>();
        List<HeadFitting.Choice> choices = new ArrayList<>();
        for (HeadFitting.Choice choice : alone.choices()) {
            choices.add(new HeadFitting.Choice(
                    choice.member(), choice.strength(), factor * choice.weight(), choice.innerLoss()));
        }
        choices.add(new HeadFitting.Choice(kind, kind.usual(), weight, loss));
        if (factor > 0) {
            for (AnnotationHead.Member member : alone.head().members()) {
                members.add(new AnnotationHead.Member(
                        member.kind(), member.strength(), factor * member.weight(), member.regression()));
            }
        }
        if (weight > 0) {
            members.add(new AnnotationHead.Member(kind, kind.usual(), weight, regression));
        }
        return new HeadFitting.Result(new AnnotationHead(members, alone.head().classes()), choices, alone.innerFolds());
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

    private static int[] counts(int[] codes, int classes) {
        int[] counts = new int[classes];
        for (int code : codes) {
            if (code >= 0) {
                counts[code]++;
            }
        }
        return counts;
    }

    private static int[] labelled(int[] codes) {
        return IntStream.range(0, codes.length).filter(i -> codes[i] >= 0).toArray();
    }

    /** The classes of some cells, −1 for all others. */
    private static int[] only(int[] codes, int[] cells, int rows) {
        int[] known = new int[rows];
        Arrays.fill(known, -1);
        for (int cell : cells) {
            known[cell] = codes[cell];
        }
        return known;
    }

    private static int[] select(int[] values, int[] places) {
        return Arrays.stream(places).map(i -> values[i]).toArray();
    }
}
