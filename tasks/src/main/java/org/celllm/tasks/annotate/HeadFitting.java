package org.celllm.tasks.annotate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.features.FeatureRows;
import org.celllm.tasks.baselines.LogisticRegression;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.labels.LabelSample;

/**
 * Fits a head on training cells alone. Each member's penalty is chosen by the log-loss of the inner folds' held-out
 * cells (every class of ten cells or more counting the same; cells of a class with fewer than there are folds are learned from in all of them and
 * held out of none); from the same held-out predictions come the members' weights; then each member is fitted again on all training
 * cells. Of more than {@link #MOST_CHOSEN_BY} cells a stratified sample chooses, which takes most of the time otherwise. Where the median class has a single cell there are no inner folds: the usual penalties and equal weights are taken.
 *
 * <p>The wide path and the components are there on purpose: a language model has no excuse to lose to a linear one. So
 * a score of this head is no proof that the trunk knows anything; the head on the embedding alone is, and is always
 * reported beside it.
 */
public final class HeadFitting {
    /** Cells by which penalties and weights are chosen, about. */
    static final int MOST_CHOSEN_BY = 5000;

    private HeadFitting() {}

    /**
     * A fitted head and why it looks so.
     *
     * @param head the head
     * @param choices one a member, in the order of the settings; then that of spread labels, where there is one
     * @param innerFolds how many folds there were; 0 when there were too few cells
     */
    public record Result(AnnotationHead head, List<Choice> choices, int innerFolds) {
        public Result {
            choices = List.copyOf(choices);
        }
    }

    /**
     * What was chosen for a member.
     *
     * @param member which
     * @param strength its inverse penalty
     * @param weight in the sum
     * @param innerLoss balanced log-loss on the inner folds' held-out cells, NaN without folds
     */
    public record Choice(HeadMember member, double strength, double weight, double innerLoss) {}

    private record Held(double strength, double[][] logs, double loss) {}

    /**
     * Fits.
     *
     * @param features of the training cells
     * @param codes [cells] their classes
     * @param classes how many classes there are
     */
    public static Result fit(HeadFeatures features, int[] codes, int classes, HeadSettings settings) {
        return fit(features, codes, classes, settings, MOST_CHOSEN_BY);
    }

    /** The same with penalties and weights chosen by so many cells, about. */
    static Result fit(HeadFeatures features, int[] codes, int classes, HeadSettings settings, int mostChosenBy) {
        boolean[] kept = LabelSample.of(codes, classes, mostChosenBy, settings.seed());
        int[] sample = IntStream.range(0, kept.length).filter(i -> kept[i]).toArray();
        boolean all = sample.length == codes.length;
        List<Held> held = new ArrayList<>();
        double[] weights = new double[settings.members().size()];
        int folds = choose(
                all ? features : features.select(sample), Split.codes(codes, sample), classes, settings, held, weights);
        List<AnnotationHead.Member> members = new ArrayList<>();
        List<Choice> choices = new ArrayList<>();
        for (int m = 0; m < weights.length; m++) {
            HeadMember kind = settings.members().get(m);
            double strength = held.get(m).strength();
            choices.add(new Choice(kind, strength, weights[m], held.get(m).loss()));
            if (weights[m] > 0) {
                LogisticRegression regression =
                        LogisticRegression.fit(features.of(kind), codes, classes, strength, settings.classWeights());
                members.add(new AnnotationHead.Member(kind, strength, weights[m], regression));
            }
        }
        return new Result(new AnnotationHead(members, classes), choices, folds);
    }

    /**
     * Chooses each member's penalty and weight.
     *
     * @param held filled, one a member
     * @param weights filled, one a member
     * @return how many folds there were, 0 when there were too few cells
     */
    private static int choose(
            HeadFeatures features, int[] codes, int classes, HeadSettings settings, List<Held> held, double[] weights) {
        int folds = Math.min(settings.innerFolds(), FewLabelFitting.medianLabels(codes, classes));
        List<HeadMember> kinds = settings.members();
        if (folds < 2) {
            Arrays.fill(weights, 1.0 / weights.length);
            kinds.forEach(kind -> held.add(new Held(kind.usual(), new double[0][], Double.NaN)));
            return 0;
        }
        InnerFolds inner = InnerFolds.of(codes, classes, folds, settings.seed());
        kinds.forEach(kind -> held.add(choose(kind, features.of(kind), codes, classes, inner, settings)));
        double[] stacked = Stacking.weights(held.stream().map(Held::logs).toList(), Split.codes(codes, inner.tested()));
        System.arraycopy(stacked, 0, weights, 0, weights.length);
        return folds;
    }

    /**
     * Fits a head on other cells with the penalties and weights that were chosen before: quick, as nothing is chosen anew.
     *
     * @param chosen what {@link #fit} chose
     */
    static AnnotationHead fitAs(
            List<Choice> chosen, HeadFeatures features, int[] codes, int classes, HeadSettings settings) {
        List<AnnotationHead.Member> members = new ArrayList<>();
        for (Choice choice : chosen) {
            if (choice.weight() > 0) {
                HeadMember kind = choice.member();
                LogisticRegression regression = LogisticRegression.fit(
                        features.of(kind), codes, classes, choice.strength(), settings.classWeights());
                members.add(new AnnotationHead.Member(kind, choice.strength(), choice.weight(), regression));
            }
        }
        return new AnnotationHead(members, classes);
    }

    private static Held choose(
            HeadMember kind, FeatureRows rows, int[] codes, int classes, InnerFolds inner, HeadSettings settings) {
        double[] strengths = kind.strengths();
        int[] known = Split.codes(codes, inner.tested());
        double[][][] logs = new double[strengths.length][known.length][];
        for (int fold = 0; fold < inner.splits().size(); fold++) {
            Split split = inner.splits().get(fold);
            FeatureRows training = rows.select(split.train());
            FeatureRows test = rows.select(split.test());
            int[] trainingCodes = Split.codes(codes, split.train());
            LogisticRegression fitted = null;
            for (int s = 0; s < strengths.length; s++) {
                // From the strongest penalty to the weakest, each starting where the last ended.
                fitted = LogisticRegression.fit(
                        training, trainingCodes, classes, strengths[s], settings.classWeights(), fitted);
                double[][] predicted = fitted.logProbabilities(test);
                for (int i = 0; i < predicted.length; i++) {
                    logs[s][inner.places().get(fold)[i]] = predicted[i];
                }
            }
        }
        Held best = null;
        for (int s = 0; s < strengths.length; s++) {
            Held held = new Held(strengths[s], logs[s], Stacking.balancedLoss(logs[s], known));
            if (best == null || held.loss() < best.loss()) {
                best = held;
            }
        }
        if (best == null) {
            throw new IllegalStateException("no penalty to choose for " + kind);
        }
        return best;
    }
}
