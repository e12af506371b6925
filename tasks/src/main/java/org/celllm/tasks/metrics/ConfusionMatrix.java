package org.celllm.tasks.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Who was taken for whom. A cell that a method declined to name ({@code unassigned}) counts as wrong in every score
 * and stands in a column of its own.
 *
 * @param labels the classes
 * @param counts [truth, predicted] cells
 * @param unassigned [truth] cells that were left without a label
 */
public record ConfusionMatrix(List<String> labels, long[][] counts, long[] unassigned) {
    public ConfusionMatrix {
        labels = List.copyOf(labels);
        if (counts.length != labels.size() || unassigned.length != labels.size()) {
            throw new IllegalArgumentException("a row for each of " + labels.size() + " classes is needed");
        }
        for (long[] row : counts) {
            if (row.length != labels.size()) {
                throw new IllegalArgumentException("a confusion matrix is square");
            }
        }
    }

    /**
     * Counts pairs.
     *
     * @param labels the classes
     * @param truth [cells] codes; cells with −1 are left out
     * @param predicted [cells] codes, −1 for unassigned
     */
    public static ConfusionMatrix of(List<String> labels, int[] truth, int[] predicted) {
        if (truth.length != predicted.length) {
            throw new IllegalArgumentException(truth.length + " truths for " + predicted.length + " predictions");
        }
        long[][] counts = new long[labels.size()][labels.size()];
        long[] unassigned = new long[labels.size()];
        for (int i = 0; i < truth.length; i++) {
            if (truth[i] < 0) {
                continue;
            }
            if (predicted[i] < 0) {
                unassigned[truth[i]]++;
            } else {
                counts[truth[i]][predicted[i]]++;
            }
        }
        return new ConfusionMatrix(labels, counts, unassigned);
    }

    /** Both matrices' cells together; the labels have to be the same. */
    public ConfusionMatrix plus(ConfusionMatrix other) {
        if (!labels.equals(other.labels)) {
            throw new IllegalArgumentException("the labels differ");
        }
        long[][] sum = new long[labels.size()][labels.size()];
        long[] none = new long[labels.size()];
        for (int t = 0; t < sum.length; t++) {
            none[t] = unassigned[t] + other.unassigned[t];
            for (int p = 0; p < sum.length; p++) {
                sum[t][p] = counts[t][p] + other.counts[t][p];
            }
        }
        return new ConfusionMatrix(labels, sum, none);
    }

    /** All cells. */
    public long cells() {
        long cells = 0;
        for (int t = 0; t < counts.length; t++) {
            cells += support(t);
        }
        return cells;
    }

    /** Share of the cells that got their own label; NaN without cells. */
    public double accuracy() {
        long right = 0;
        for (int t = 0; t < counts.length; t++) {
            right += counts[t][t];
        }
        return (double) right / cells();
    }

    /**
     * Mean F1 over the classes that occur, as truth or as prediction (scikit-learn's {@code f1_score(average="macro")}
     * without a list of labels); NaN without cells.
     */
    public double macroF1() {
        return macroF1(label -> true);
    }

    /**
     * The same over some of the classes alone.
     *
     * @param counted which, by code
     */
    public double macroF1(IntPredicate counted) {
        double sum = 0;
        int occurring = 0;
        List<ClassScore> scores = classScores();
        for (int label = 0; label < scores.size(); label++) {
            ClassScore score = scores.get(label);
            if (counted.test(label) && score.support() + score.predicted() > 0) {
                sum += score.f1();
                occurring++;
            }
        }
        return sum / occurring;
    }

    /** Precision, recall and F1 of every class, in the order of the labels. */
    public List<ClassScore> classScores() {
        List<ClassScore> scores = new ArrayList<>();
        for (int c = 0; c < counts.length; c++) {
            long support = support(c);
            long predicted = 0;
            for (long[] row : counts) {
                predicted += row[c];
            }
            long right = counts[c][c];
            double precision = predicted == 0 ? 0 : (double) right / predicted;
            double recall = support == 0 ? 0 : (double) right / support;
            double f1 = right == 0 ? 0 : 2.0 * right / (support + predicted);
            scores.add(new ClassScore(labels.get(c), support, predicted, precision, recall, f1));
        }
        return scores;
    }

    private long support(int truth) {
        long support = unassigned[truth];
        for (long count : counts[truth]) {
            support += count;
        }
        return support;
    }
}
