package org.celllm.tasks.evaluate;

import java.util.List;
import org.celllm.tasks.metrics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * How well one method notices cells of a type that it was not shown.
 *
 * @param method its name
 * @param areaBySeed [seeds] area under the curve, mean over the types
 * @param area over the seeds
 * @param difference area of the first method minus this one's, paired by seed; {@code null} for the first itself
 * @param areaByType [types] over the seeds, of each type left out
 * @param curve [101] share of the novel cells found where 0, 0.01 … 1 of the known ones are found too, mean over types and
 *     seeds
 * @param thresholds what thresholds of the probability do
 * @param seconds spent fitting and predicting
 */
public record NovelTypeScores(
        String method,
        double[] areaBySeed,
        Interval area,
        @Nullable Interval difference,
        List<Interval> areaByType,
        double[] curve,
        List<Threshold> thresholds,
        double seconds) {
    public NovelTypeScores {
        areaByType = List.copyOf(areaByType);
        thresholds = List.copyOf(thresholds);
    }

    /**
     * What leaving cells unassigned does whose likeliest class is less probable than a threshold; means over types and
     * seeds.
     *
     * @param probability the threshold
     * @param novel share of the novel cells that are left unassigned: the more the better
     * @param known share of the known cells that are left unassigned: the fewer the better
     * @param right share of the known cells that keep a label whose label is right
     */
    public record Threshold(double probability, double novel, double known, double right) {}
}
