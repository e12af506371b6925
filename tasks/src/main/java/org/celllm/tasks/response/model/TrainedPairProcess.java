package org.celllm.tasks.response.model;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fitted {@link PairProcess}.
 *
 * @param features how lines become rows
 * @param kernel of lines
 * @param lines names of the trained ones
 * @param rows [lines][features] of the trained ones
 * @param drugs names of the trained ones
 * @param covariance of the trained drugs
 * @param similarity by which other drugs are made up, or {@code null} when drugs have no features: another drug is then an
 *     average one
 * @param weights [lines × drugs] of the trained pairs
 * @param chosen what was chosen, in words
 */
record TrainedPairProcess(
        LineFeatures features,
        LineKernel kernel,
        List<String> lines,
        double[][] rows,
        List<String> drugs,
        DrugCovariance covariance,
        @Nullable DrugSimilarity similarity,
        double[] weights,
        String chosen)
        implements TrainedPath {
    @Override
    public double[][] predict(ResponseQuery query) {
        double[][] asked = features.rows(query.lines());
        double[][] ofLines = kernel.between(asked, rows, LineFeatures.places(query.names(), lines));
        double[][] perLine = new double[lines.size()][];
        for (int i = 0; i < perLine.length; i++) {
            perLine[i] = Arrays.copyOfRange(weights, i * drugs.size(), (i + 1) * drugs.size());
        }
        double[][] images = Matrices.times(Matrices.times(ofLines, perLine), covariance.covariance());
        double[][] proportions = proportions(query);
        double[] mean = covariance.mean();
        double all = Arrays.stream(mean).average().orElse(0);
        double[][] predicted = new double[asked.length][proportions.length];
        for (int i = 0; i < predicted.length; i++) {
            // What the line does to an average drug is told of any drug; the mixture tells the rest.
            double average = Arrays.stream(images[i]).average().orElse(0);
            for (int j = 0; j < proportions.length; j++) {
                double value = all + average;
                for (int d = 0; d < mean.length; d++) {
                    value += proportions[j][d] * (mean[d] - all + images[i][d] - average);
                }
                predicted[i][j] = value;
            }
        }
        return predicted;
    }

    /** [asked drugs][trained drugs] what of each trained one an asked one is: all of itself, or a mixture. */
    private double[][] proportions(ResponseQuery query) {
        int[] known = LineFeatures.places(query.drugs(), drugs);
        double[][] mixtures = similarity == null || Arrays.stream(known).allMatch(place -> place >= 0)
                ? new double[known.length][drugs.size()]
                : similarity.proportions(query);
        for (int j = 0; j < known.length; j++) {
            if (known[j] >= 0) {
                mixtures[j] = new double[drugs.size()];
                mixtures[j][known[j]] = 1;
            }
        }
        return mixtures;
    }

    @Override
    public void close() {
        // Nothing native is kept.
    }
}
