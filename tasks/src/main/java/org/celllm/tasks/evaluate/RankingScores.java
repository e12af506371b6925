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
        return over(aurocByTrial);
    }

    /** Average precision over the trials that have one, {@code null} when none has. */
    public @Nullable Interval averagePrecision() {
        return over(precisionByTrial);
    }

    /** AUROC of {@code first} minus this one's, paired by trial. */
    public @Nullable Interval behind(RankingScores first) {
        double[] differences = new double[aurocByTrial.length];
        for (int t = 0; t < differences.length; t++) {
            differences[t] = first.aurocByTrial[t] - aurocByTrial[t];
        }
        return over(differences);
    }

    private static @Nullable Interval over(double[] values) {
        double[] there =
                Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
        return there.length == 0 ? null : Interval.of(there);
    }
}
