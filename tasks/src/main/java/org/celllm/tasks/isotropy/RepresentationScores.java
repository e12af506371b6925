package org.celllm.tasks.isotropy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.celllm.network.Pooling;
import org.celllm.tasks.metrics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * How one representation did.
 *
 * @param name in tables
 * @param folder of the model, {@code null} for a reference
 * @param pooling which vector stands for a cell, {@code null} where there is no encoder
 * @param dim width of a vector
 * @param mapping how the file's genes stand in its vocabulary, in words
 * @param bySeed what each seed measured
 * @param seconds it took
 */
public record RepresentationScores(
        String name,
        @Nullable Path folder,
        @Nullable Pooling pooling,
        int dim,
        String mapping,
        List<Isotropy> bySeed,
        double seconds) {
    public RepresentationScores {
        bySeed = List.copyOf(bySeed);
    }

    /** A figure over the seeds. */
    public Interval of(IsotropyFigure figure) {
        return Interval.of(bySeed.stream().mapToDouble(figure::of).toArray());
    }

    /** [directions] σ_k / σ₁ of the directions of the embeddings, the mean over the seeds. */
    public double[] spectrum() {
        return mean(isotropy -> isotropy.spread().spectrum());
    }

    /** [directions] the same of the centred directions. */
    public double[] centredSpectrum() {
        return mean(isotropy -> isotropy.spread().centred());
    }

    private double[] mean(Function<Isotropy, Spectrum> spectrum) {
        int length = bySeed.stream()
                .mapToInt(isotropy -> spectrum.apply(isotropy).values().length)
                .min()
                .orElse(0);
        double[] mean = new double[length];
        for (Isotropy isotropy : bySeed) {
            double[] relative = spectrum.apply(isotropy).relative();
            for (int k = 0; k < length; k++) {
                mean[k] += relative[k] / bySeed.size();
            }
        }
        return mean;
    }

    /** All of it; figures that do not exist are null. */
    ObjectNode toJson() {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("name", name).put("reference", folder == null);
        json.put("path", folder == null ? null : folder.toString());
        json.put("pool", pooling == null ? null : pooling.word()).put("dim", dim);
        json.put("genes", mapping).put("seconds", seconds);
        ObjectNode figures = json.putObject("figures");
        for (IsotropyFigure figure : IsotropyFigure.values()) {
            Interval interval = of(figure);
            ObjectNode one = figures.putObject(figure.word());
            one.put("mean", finite(interval.mean()));
            one.put("low", finite(interval.low())).put("high", finite(interval.high()));
            ArrayNode seeds = one.putArray("bySeed");
            bySeed.forEach(isotropy -> seeds.add(finite(figure.of(isotropy))));
        }
        ArrayNode cells = json.putArray("cellsWithDirection");
        bySeed.forEach(isotropy -> cells.add(isotropy.spread().cells()));
        add(json.putArray("spectrum"), spectrum());
        add(json.putArray("centredSpectrum"), centredSpectrum());
        return json;
    }

    private static void add(ArrayNode array, double[] values) {
        for (double value : values) {
            array.add(finite(value));
        }
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
