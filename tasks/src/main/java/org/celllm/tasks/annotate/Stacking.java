package org.celllm.tasks.annotate;

import java.util.Arrays;
import java.util.List;
import org.celllm.tasks.baselines.ClassWeights;
import org.celllm.tasks.baselines.LogisticRegression;

/**
 * Weights of members from predictions for cells that no member was fitted on. Minimises the mean log-loss of the
 * weighted, normalised sum of log-probabilities, every class counting the same (macro-F1 does so too), plus a pull
 * towards equal weights whose force shrinks as cells become more: convex, weights not negative, solved by golden
 * section along each weight in turn. A last common factor, by the plain log-loss, calibrates.
 */
final class Stacking {
    /** The pull is worth this many cells. */
    private static final double PULL = 4;

    /**
     * Classes of fewer cells than this count by their cells: what is held out of two or three cells is called wrong whatever the
     * members are worth, and would weigh as much as all cells of a common class.
     */
    private static final int FEWEST = 10;

    /** No member is worth more than this, and the common factor neither. */
    private static final double MOST = 3;

    private static final int SWEEPS = 25;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    /** Probabilities below this are not told apart: one confident error must not decide everything. */
    private static final double LOWEST = Math.log(1e-6);

    private Stacking() {}

    /**
     * Fits weights.
     *
     * @param members [member][cells][classes] log-probabilities of held-out cells
     * @param codes [cells] classes
     * @return [member]
     */
    static double[] weights(List<double[][]> members, int[] codes) {
        int m = members.size();
        int classes = members.get(0)[0].length;
        double[] cellWeights = cellWeights(codes, classes);
        double[] weights = new double[m];
        Arrays.fill(weights, 1.0 / m);
        double before = Double.POSITIVE_INFINITY;
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int member = 0; member < m; member++) {
                int moved = member;
                double best = smallest(value -> {
                    double[] tried = weights.clone();
                    tried[moved] = value;
                    return loss(members, tried, codes, cellWeights) + pull(tried) / codes.length;
                });
                weights[member] = best < 3e-3 ? 0 : best;
            }
            double value = loss(members, weights, codes, cellWeights) + pull(weights) / codes.length;
            if (before - value < 1e-7) {
                break;
            }
            before = value;
        }
        if (Arrays.stream(weights).max().orElse(0) == 0) {
            // Members that know nothing: equal, hardly counting, rather than nothing at all.
            Arrays.fill(weights, 1e-3);
        }
        return calibrated(members, weights, codes);
    }

    /**
     * Weights times the common factor that calibrates: the inverse of a temperature, which changes no label.
     *
     * @param members as in {@link #weights}
     * @param weights of the members
     * @param codes [cells] classes
     */
    static double[] calibrated(List<double[][]> members, double[] weights, int[] codes) {
        double[] plain = ClassWeights.NONE.of(codes, members.get(0)[0].length);
        double factor = Math.max(1e-2, smallest(value -> loss(members, scaled(weights, value), codes, plain)));
        return scaled(weights, factor);
    }

    /**
     * Mean log-loss, every class of {@link #FEWEST} cells or more counting the same.
     *
     * @param logs [cells][classes]
     */
    static double balancedLoss(double[][] logs, int[] codes) {
        double[] cellWeights = cellWeights(codes, logs[0].length);
        double loss = 0;
        for (int i = 0; i < codes.length; i++) {
            loss -= cellWeights[i] * Math.max(LOWEST, logs[i][codes[i]]) / codes.length;
        }
        return loss;
    }

    /** What each cell counts, 1 on average: classes of {@link #FEWEST} cells or more the same. */
    static double[] cellWeights(int[] codes, int classes) {
        int[] counts = new int[classes];
        for (int code : codes) {
            counts[code]++;
        }
        double[] weights = new double[codes.length];
        double sum = 0;
        for (int i = 0; i < codes.length; i++) {
            weights[i] = 1.0 / Math.max(counts[codes[i]], FEWEST);
            sum += weights[i];
        }
        for (int i = 0; i < codes.length; i++) {
            weights[i] *= codes.length / sum;
        }
        return weights;
    }

    private interface OneDimensional {
        double at(double value);
    }

    /** Golden section on [0, MOST]. */
    private static double smallest(OneDimensional function) {
        double low = 0;
        double high = MOST;
        double left = high - GOLDEN * (high - low);
        double right = low + GOLDEN * (high - low);
        double atLeft = function.at(left);
        double atRight = function.at(right);
        while (high - low > 2e-3) {
            if (atLeft <= atRight) {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - GOLDEN * (high - low);
                atLeft = function.at(left);
            } else {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + GOLDEN * (high - low);
                atRight = function.at(right);
            }
        }
        return (low + high) / 2;
    }

    private static double loss(List<double[][]> members, double[] weights, int[] codes, double[] cellWeights) {
        int classes = members.get(0)[0].length;
        double loss = 0;
        double[] sum = new double[classes];
        for (int i = 0; i < codes.length; i++) {
            Arrays.fill(sum, 0);
            for (int m = 0; m < weights.length; m++) {
                double[] logs = members.get(m)[i];
                for (int c = 0; c < classes; c++) {
                    sum[c] += weights[m] * Math.max(LOWEST, logs[c]);
                }
            }
            LogisticRegression.normalise(sum);
            loss -= cellWeights[i] * sum[codes[i]];
        }
        return loss / codes.length;
    }

    private static double pull(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            double away = weight - 1.0 / weights.length;
            sum += away * away;
        }
        return PULL * sum;
    }

    private static double[] scaled(double[] weights, double factor) {
        return Arrays.stream(weights).map(weight -> weight * factor).toArray();
    }
}
