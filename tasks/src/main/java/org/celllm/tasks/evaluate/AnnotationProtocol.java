package org.celllm.tasks.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.celllm.data.features.SparseRows;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.baselines.Classifier;
import org.celllm.tasks.labels.CellLabels;
import org.celllm.tasks.metrics.AveragePrecision;
import org.celllm.tasks.metrics.ConfusionMatrix;
import org.celllm.tasks.metrics.Interval;
import org.celllm.tasks.metrics.RocArea;
import org.jspecify.annotations.Nullable;

/**
 * Scores methods on the same splits: cross-validation over seeds, few-shot draws, or one group left out at a time. Macro-F1 is the mean
 * over the classes that some split tests: a class that can only be learned, as of a file whose other cell types the tested one lacks,
 * costs what is called so by mistake, and no more.
 *
 * @param description in words
 * @param trials at least one
 */
public record AnnotationProtocol(String description, List<Trial> trials) {
    public AnnotationProtocol {
        trials = List.copyOf(trials);
        if (trials.isEmpty()) {
            throw new IllegalArgumentException("no seed or draw; 1 at least is needed");
        }
    }

    /** Stratified folds, anew for each of the seeds {@code 0 … seeds − 1}. */
    public static AnnotationProtocol folds(CellLabels labels, int folds, int seeds) {
        List<Trial> trials = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            trials.add(new Trial("seed " + seed, seed, Splits.folds(labels.codes(), labels.classes(), folds, seed)));
        }
        return new AnnotationProtocol(folds + " folds × " + seeds + " seeds", trials);
    }

    /** A stratified share held out, anew for each of the seeds {@code 0 … seeds − 1}. */
    public static AnnotationProtocol heldOut(CellLabels labels, double share, int seeds) {
        List<Trial> trials = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            Split split = Splits.holdOut(labels.codes(), labels.classes(), share, seed);
            trials.add(new Trial("seed " + seed, seed, List.of(split)));
        }
        return new AnnotationProtocol(Math.round(100 * share) + "% held out × " + seeds + " seeds", trials);
    }

    /** So many labelled cells a class, drawn anew for each draw; all other cells are tested on. */
    public static AnnotationProtocol fewShot(CellLabels labels, int perClass, int draws, long seed) {
        List<Trial> trials = new ArrayList<>();
        for (int draw = 0; draw < draws; draw++) {
            Split split = Splits.fewShot(labels.codes(), labels.classes(), perClass, seed, draw);
            trials.add(new Trial("draw " + draw, draw, List.of(split)));
        }
        return new AnnotationProtocol(perClass + " cells a class × " + draws + " draws", trials);
    }

    /** One group of cells (donor, batch) left out at a time; the groups are the trials. */
    public static AnnotationProtocol groups(CellLabels labels, List<@Nullable String> groups, String column) {
        List<Trial> trials = new ArrayList<>();
        List<Split> splits = Splits.leaveOneGroupOut(labels.codes(), groups);
        if (splits.isEmpty()) {
            throw new IllegalArgumentException("the column " + column + " has no two groups with labelled cells");
        }
        for (Split split : splits) {
            trials.add(new Trial(split.name(), 0, List.of(split)));
        }
        return new AnnotationProtocol("one " + column + " left out", trials);
    }

    /**
     * Runs every method on every split.
     *
     * @param methods the first is the one that the others are compared with
     */
    public AnnotationEvaluation run(EvaluationData data, List<Method> methods, Progress progress) {
        List<MethodScores> scores = new ArrayList<>();
        int splits = trials.stream().mapToInt(trial -> trial.splits().size()).sum();
        try (Progress.Task task =
                progress.start("Evaluating: " + description, "fits", (long) splits * methods.size())) {
            for (Method method : methods) {
                task.note(method.name());
                MethodScores first = scores.isEmpty() ? null : scores.get(0);
                scores.add(score(data, method, first, task));
            }
        }
        return new AnnotationEvaluation(
                description,
                data.labels().names(),
                data.labels().labelled(),
                trials.size(),
                scores,
                duplicates(data.genes()));
    }

    private MethodScores score(EvaluationData data, Method method, @Nullable MethodScores first, Progress.Task task) {
        CellLabels labels = data.labels();
        boolean[] tested = tested(labels);
        double[] macroF1 = new double[trials.size()];
        double[] accuracy = new double[trials.size()];
        double[] auroc = new double[trials.size()];
        double[] precision = new double[trials.size()];
        ConfusionMatrix all = ConfusionMatrix.of(labels.names(), new int[0], new int[0]);
        long started = System.nanoTime();
        for (int t = 0; t < macroF1.length; t++) {
            Trial trial = trials.get(t);
            for (Split split : trial.splits()) {
                double[][] logs =
                        method.logProbabilities(data, split, trial.seed(), new WithinFit(task, method.name()));
                int[] truth = labels.codesOf(split.test());
                ConfusionMatrix matrix = ConfusionMatrix.of(labels.names(), truth, Classifier.likeliest(logs));
                macroF1[t] +=
                        matrix.macroF1(label -> tested[label]) / trial.splits().size();
                accuracy[t] += matrix.accuracy() / trial.splits().size();
                if (labels.classes() == 2) {
                    boolean[] second = second(truth);
                    double[] odds = odds(logs);
                    auroc[t] += RocArea.of(second, odds) / trial.splits().size();
                    precision[t] +=
                            AveragePrecision.of(second, odds) / trial.splits().size();
                }
                all = all.plus(matrix);
                task.advance(1);
            }
        }
        return new MethodScores(
                method.name(),
                macroF1,
                accuracy,
                Interval.ofShares(macroF1),
                Interval.ofShares(accuracy),
                first == null ? null : Interval.ofDifference(first.macroF1ByTrial(), macroF1),
                labels.classes() == 2 ? new RankingScores(auroc, precision) : null,
                all,
                (System.nanoTime() - started) / 1e9);
    }

    /** Which classes some tested cell is of. */
    private boolean[] tested(CellLabels labels) {
        boolean[] tested = new boolean[labels.classes()];
        for (Trial trial : trials) {
            for (Split split : trial.splits()) {
                for (int code : labels.codesOf(split.test())) {
                    tested[code] = true;
                }
            }
        }
        return tested;
    }

    private static boolean[] second(int[] codes) {
        boolean[] second = new boolean[codes.length];
        for (int i = 0; i < second.length; i++) {
            second[i] = codes[i] == 1;
        }
        return second;
    }

    /** How much likelier the second class is; 0 where neither has a probability. */
    private static double[] odds(double[][] logs) {
        double[] odds = new double[logs.length];
        for (int i = 0; i < odds.length; i++) {
            odds[i] = logs[i][0] == logs[i][1] ? 0 : logs[i][1] - logs[i][0];
        }
        return odds;
    }

    /** Cells with the very expression of another cell on the other side of a split, over all splits. */
    private int duplicates(SparseRows genes) {
        Map<Long, Integer> firstWith = new HashMap<>();
        int[] twin = new int[genes.rows()];
        int[] group = new int[genes.rows()];
        for (int row = 0; row < twin.length; row++) {
            long key = (long) genes.offsets()[row + 1] - genes.offsets()[row];
            for (int i = genes.offsets()[row]; i < genes.offsets()[row + 1]; i++) {
                key = KeyedRandom.key(key, genes.indices()[i], Float.floatToIntBits(genes.values()[i]));
            }
            Integer earlier = firstWith.putIfAbsent(key, row);
            group[row] = earlier == null ? row : earlier;
            twin[group[row]]++;
        }
        Set<Integer> leaking = new HashSet<>();
        for (Trial trial : trials) {
            for (Split split : trial.splits()) {
                Set<Integer> trained = new HashSet<>();
                for (int cell : split.train()) {
                    if (twin[group[cell]] > 1) {
                        trained.add(group[cell]);
                    }
                }
                for (int cell : split.test()) {
                    if (trained.contains(group[cell])) {
                        leaking.add(cell);
                    }
                }
            }
        }
        return leaking.size();
    }
}
