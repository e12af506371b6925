package org.celllm.tasks.evaluate;

import java.util.Arrays;
import org.celllm.tasks.metrics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * How well a method ranks the cells of the second of two classes above those of the first. A trial whose test cells are
 * all of one class has nothing to rank: it is NaN and counts in no mean.
 *
 * @param aurocByTrial [trials] area under the receiver operating characteristic, mean over the trial's splits
 * @param precisionByTrial [trials] average precision of the second class, likewise
 */
public record RankingScores(double[] aurocByTrial, double[] precisionByTrial) {
    public RankingScores {
        if (aurocByTrial.length != precisionByTrial.length) {
            throw new IllegalArgumentException("measures of different trials");
        }
    }

    /** AUROC over the trials that have one, {@code null} when none has. */
    public @Nullable Interval auroc() {
        double[] there = there(aurocByTrial);
        return there.length == 0 ? null : Interval.ofShares(there);
    }

    /** Average precision over the trials that have one, {@code null} when none has. */
    public @Nullable Interval averagePrecision() {
        double[] there = there(precisionByTrial);
        return there.length == 0 ? null : Interval.ofShares(there);
    }

    /** AUROC of {@code first} minus this one's, paired by trial. */
    public @Nullable Interval behind(RankingScores first) {
        double[] differences = new double[aurocByTrial.length];
        for (int t = 0; t < differences.length; t++) {
            differences[t] = first.aurocByTrial[t] - aurocByTrial[t];
        }
        double[] there = there(differences);
        return there.length == 0 ? null : Interval.of(there);
    }

    private static double[] there(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    }
}
