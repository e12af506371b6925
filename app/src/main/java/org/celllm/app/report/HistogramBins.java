package org.celllm.app.report;

import java.util.ArrayList;
import java.util.List;
import org.celllm.data.corpus.OctaveHistogram;

/**
 * The bins that a histogram is drawn with: some dozens, chosen by the numbers of all its groups together.
 *
 * @param edges [bins + 1] ascending
 * @param logarithmic whether they are meant for a logarithmic axis
 */
record HistogramBins(List<Double> edges, boolean logarithmic) {
    private static final int MOST_BINS = 64;

    HistogramBins {
        edges = List.copyOf(edges);
    }

    /** Bins of one width, a power of two, so that they are unions of the finer bins. */
    static HistogramBins ofOneWidth(OctaveHistogram numbers) {
        double width = 1;
        while ((numbers.most() - numbers.least()) / width > MOST_BINS - 2 || numbers.most() / width > 256) {
            width *= 2;
        }
        List<Double> edges = new ArrayList<>();
        double edge = Math.floor(numbers.least() / width) * width;
        edges.add(edge);
        while (edge <= numbers.most()) {
            edge += width;
            edges.add(edge);
        }
        return new HistogramBins(edges, false);
    }

    /**
     * Bins of one width on a logarithmic axis; of numbers that are at least 1, edges are whole.
     *
     * @param finest the most bins an octave: of small whole numbers, few, or some bins hold one more number than others
     */
    static HistogramBins ofOctaves(OctaveHistogram numbers, int finest) {
        // What is not above zero has no place on such an axis.
        double least = numbers.least() > 0 ? numbers.least() : Math.max(1e-3, numbers.quantile(.001));
        double low = Math.floor(Math.log(least) / Math.log(2));
        double high = Math.max(low + 1, Math.ceil(Math.log(numbers.most() + 1e-9) / Math.log(2)));
        int parts = (int) Math.max(1, Math.min(finest, MOST_BINS / (high - low)));
        List<Double> edges = new ArrayList<>();
        for (int i = 0; edges.isEmpty() || edges.get(edges.size() - 1) <= numbers.most(); i++) {
            double edge = Math.pow(2, low + (double) i / parts);
            edge = low >= 0 ? Math.ceil(edge - 1e-9) : edge;
            if (edges.isEmpty() || edge > edges.get(edges.size() - 1)) {
                edges.add(edge);
            }
        }
        int first = 0;
        while (first + 2 < edges.size() && edges.get(first + 1) <= least) {
            first++;
        }
        return new HistogramBins(edges.subList(first, edges.size()), true);
    }

    /**
     * What falls into each bin.
     *
     * @param shares whether in percent of all, rather than how many
     */
    List<Double> heights(OctaveHistogram numbers, boolean shares) {
        List<Double> heights = new ArrayList<>();
        for (int bin = 0; bin + 1 < edges.size(); bin++) {
            double found = numbers.between(edges.get(bin), edges.get(bin + 1));
            heights.add(shares ? 100 * found / Math.max(1, numbers.count()) : found);
        }
        return heights;
    }
}
