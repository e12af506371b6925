package org.celllm.tasks.response;

import java.util.Arrays;
import java.util.List;
import org.celllm.tasks.metrics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * How one method did on one kind of split.
 *
 * @param method its name
 * @param byTrial the scores of each seed's split
 * @param seconds spent fitting and predicting, all splits together
 */
public record ResponseMethodScores(String method, List<ResponseScores> byTrial, double seconds) {
    public ResponseMethodScores {
        byTrial = List.copyOf(byTrial);
    }

    /** A measure over the trials; {@code null} where some trial has none. */
    public @Nullable Interval of(ResponseMeasure measure) {
        double[] values = values(measure);
        return finite(values) ? measure.over(values) : null;
    }

    /** By how much another method is ahead of this one in a measure, paired by trial; {@code null} as {@link #of}. */
    public @Nullable Interval behind(ResponseMethodScores other, ResponseMeasure measure) {
        double[] theirs = other.values(measure);
        double[] ours = values(measure);
        return finite(theirs) && finite(ours) ? Interval.ofDifference(theirs, ours) : null;
    }

    /** [trials] of a measure. */
    public double[] values(ResponseMeasure measure) {
        return byTrial.stream().mapToDouble(scores -> scores.of(measure)).toArray();
    }

    private static boolean finite(double[] values) {
        return values.length > 0 && Arrays.stream(values).allMatch(Double::isFinite);
    }
}
