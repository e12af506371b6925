package org.celllm.tasks.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.labels.CellLabels;
import org.celllm.tasks.metrics.Interval;
import org.celllm.tasks.metrics.RocArea;
import org.celllm.tasks.metrics.RocCurve;
import org.jspecify.annotations.Nullable;

/**
 * Whether methods notice cells of a type they were not shown. Each type in turn is left out of training; the test cells are
 * all cells of that type (novel) and a stratified share of the others (known). A method's doubt is one minus the probability
 * of its likeliest class, the maximum-probability baseline of Hendrycks and Gimpel (ICLR 2017); scored is the area under the
 * curve of novel against known, the mean over the types, by seed.
 *
 * @param protocol the splits: a trial a seed, in it a split a type, in the order of the labels
 */
public record NovelTypes(AnnotationProtocol protocol) {
    /** Thresholds of the probability below which a cell is left unassigned. */
    static final double[] THRESHOLDS = {0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99};

    /** The curves' shares of known cells: 0, 0.01 … 1. */
    static final int POINTS = 101;

    /**
     * Makes the splits.
     *
     * @param share of the known cells that are tested on, between 0 and 1
     * @param seeds {@code 0 … seeds − 1}
     * @throws IllegalArgumentException when there are fewer than three types: one to leave out, two to learn
     */
    public static NovelTypes of(CellLabels labels, double share, int seeds) {
        if (labels.classes() < 3 || seeds < 1) {
            throw new IllegalArgumentException(labels.classes() + " types and " + seeds
                    + " seeds; at least 3 types, one to leave out and two to learn, and 1 seed are needed");
        }
        List<Trial> trials = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            Split held = Splits.holdOut(labels.codes(), labels.classes(), share, seed);
            List<Split> splits = new ArrayList<>();
            for (int type = 0; type < labels.classes(); type++) {
                splits.add(without(held, labels, type, seed));
            }
            trials.add(new Trial("seed " + seed, seed, splits));
        }
        return new NovelTypes(new AnnotationProtocol(
                "each of " + labels.classes() + " types left out, " + Math.round(100 * share)
                        + "% of the others held out × " + seeds + " seeds",
                trials));
    }

    /**
     * Scores methods on the splits.
     *
     * @param methods the first is the one that the others are compared with
     */
    public NovelTypeEvaluation run(EvaluationData data, List<Method> methods, Progress progress) {
        List<NovelTypeScores> scores = new ArrayList<>();
        int fits = protocol.trials().size() * data.labels().classes() * methods.size();
        try (Progress.Task task = progress.start("Evaluating: " + protocol.description(), "fits", fits)) {
            for (Method method : methods) {
                task.note(method.name());
                scores.add(score(data, method, scores.isEmpty() ? null : scores.get(0), task));
            }
        }
        return new NovelTypeEvaluation(
                protocol.description(),
                data.labels().names(),
                data.labels().labelled(),
                protocol.trials().size(),
                scores);
    }

    private NovelTypeScores score(
            EvaluationData data, Method method, @Nullable NovelTypeScores first, Progress.Task task) {
        CellLabels labels = data.labels();
        int types = labels.classes();
        int seeds = protocol.trials().size();
        double[][] areas = new double[types][seeds];
        double[] bySeed = new double[seeds];
        double[] curve = new double[POINTS];
        double[][] points = new double[THRESHOLDS.length][3];
        long started = System.nanoTime();
        for (int s = 0; s < seeds; s++) {
            Trial trial = protocol.trials().get(s);
            for (int type = 0; type < types; type++) {
                Split split = trial.splits().get(type);
                double[][] logs = method.logProbabilities(data, split, trial.seed());
                Doubts doubts = Doubts.of(logs, labels.codesOf(split.test()), type);
                areas[type][s] = RocArea.of(doubts.novel(), doubts.doubt());
                bySeed[s] += areas[type][s] / types;
                RocCurve roc = RocCurve.of(doubts.novel(), doubts.doubt());
                for (int i = 0; i < POINTS; i++) {
                    curve[i] += roc.at(i / (POINTS - 1.0)) / (types * seeds);
                }
                for (int t = 0; t < THRESHOLDS.length; t++) {
                    double[] shares = doubts.below(THRESHOLDS[t]);
                    for (int i = 0; i < 3; i++) {
                        points[t][i] += shares[i] / (types * seeds);
                    }
                }
                task.advance(1);
            }
        }
        List<NovelTypeScores.Threshold> thresholds = new ArrayList<>();
        for (int t = 0; t < THRESHOLDS.length; t++) {
            thresholds.add(new NovelTypeScores.Threshold(THRESHOLDS[t], points[t][0], points[t][1], points[t][2]));
        }
        return new NovelTypeScores(
                method.name(),
                bySeed,
                Interval.of(bySeed),
                first == null ? null : Interval.ofDifference(first.areaBySeed(), bySeed),
                Arrays.stream(areas).map(Interval::of).toList(),
                curve,
                thresholds,
                (System.nanoTime() - started) / 1e9);
    }

    private static Split without(Split held, CellLabels labels, int type, int seed) {
        int[] codes = labels.codes();
        int[] train =
                Arrays.stream(held.train()).filter(cell -> codes[cell] != type).toArray();
        boolean[] tested = new boolean[codes.length];
        for (int cell : held.test()) {
            tested[cell] = true;
        }
        int[] test = java.util.stream.IntStream.range(0, codes.length)
                .filter(cell -> tested[cell] || codes[cell] == type)
                .toArray();
        return new Split("seed " + seed + ", without " + labels.names().get(type), train, test);
    }

    /**
     * Test cells and how sure a method is of them.
     *
     * @param novel [cells] whether a cell is of the type left out
     * @param doubt [cells] one minus the probability of the likeliest class
     * @param right [cells] whether that class is its own
     */
    private record Doubts(boolean[] novel, float[] doubt, boolean[] right) {
        static Doubts of(double[][] logs, int[] codes, int type) {
            boolean[] novel = new boolean[codes.length];
            boolean[] right = new boolean[codes.length];
            float[] doubt = new float[codes.length];
            for (int i = 0; i < codes.length; i++) {
                int likeliest = 0;
                for (int c = 1; c < logs[i].length; c++) {
                    likeliest = logs[i][c] > logs[i][likeliest] ? c : likeliest;
                }
                novel[i] = codes[i] == type;
                right[i] = codes[i] == likeliest;
                // Of the sum of all others, which tells apart what rounds to a probability of one.
                double others = 0;
                for (int c = 0; c < logs[i].length; c++) {
                    others += c == likeliest ? 0 : Math.exp(logs[i][c]);
                }
                doubt[i] = (float) others;
            }
            return new Doubts(novel, doubt, right);
        }

        /** Share of novel cells below a threshold, of known ones, and of the known ones above it that are right. */
        double[] below(double threshold) {
            int novelCells = 0;
            int novelBelow = 0;
            int knownCells = 0;
            int knownBelow = 0;
            int rightAbove = 0;
            for (int i = 0; i < novel.length; i++) {
                boolean below = 1 - doubt[i] < threshold;
                if (novel[i]) {
                    novelCells++;
                    novelBelow += below ? 1 : 0;
                } else {
                    knownCells++;
                    knownBelow += below ? 1 : 0;
                    rightAbove += !below && right[i] ? 1 : 0;
                }
            }
            return new double[] {
                (double) novelBelow / novelCells,
                (double) knownBelow / knownCells,
                knownBelow == knownCells ? 1 : (double) rightAbove / (knownCells - knownBelow)
            };
        }
    }
}
