package org.celllm.tasks.response;

import java.util.List;
import java.util.function.BiFunction;

/**
 * Kernel ridge regression on pairs: two pairs are as alike as their lines times as their drugs are, where to each
 * similarity of features one is added, so that effects of lines alone and of drugs alone are among what it can fit (the
 * Kronecker kernel of pairwise learning; Stock et al., Neural Computation 2018), and so much for being the very same
 * line or drug, so that what features do not tell of a trained one is fitted too. Solved for all penalties at once, with
 * a product of two small matrices for each step instead of the one of all pairs.
 *
 * @param similarityOfDrugs [drugs, drugs] between 0 and 1; it may look at which drugs a split trains on
 */
record PairwiseRidge(String name, BiFunction<ResponseData, ResponseSplit, double[][]> similarityOfDrugs)
        implements ResponseMethod {
    private static final double[] PENALTIES = {0.1, 0.3, 1, 3, 10, 30, 100, 300};
    private static final double SAME_LINE = 0.3;
    private static final double SAME_DRUG = 0.3;
    private static final int MOST_STEPS = 60;

    @Override
    public float[] predict(ResponseData data, ResponseSplit split, long seed) {
        DrugResponses responses = data.responses();
        boolean[] trained = new boolean[responses.lines().size()];
        for (int pair : split.train()) {
            trained[responses.line()[pair]] = true;
        }
        double[][] lines = widened(Similarity.ofLines(List.of(data.lines().expression()), trained), SAME_LINE);
        double[][] drugs = widened(similarityOfDrugs.apply(data, split), SAME_DRUG);
        double mean = GroupMeans.overall(responses, split.train());
        double[] y = new double[split.train().length];
        for (int i = 0; i < y.length; i++) {
            y[i] = responses.lnIc50()[split.train()[i]] - mean;
        }
        double[][] weights = ShiftedSystems.solve(
                vector -> images(lines, drugs, responses, split.train(), vector, split.train()),
                y,
                PENALTIES,
                MOST_STEPS);
        float[] best = new float[0];
        double least = Double.POSITIVE_INFINITY;
        for (double[] weight : weights) {
            double error = SquaredError.of(
                    shifted(images(lines, drugs, responses, split.train(), weight, split.validation()), mean),
                    responses,
                    split.validation());
            if (error < least) {
                least = error;
                best = shifted(images(lines, drugs, responses, split.train(), weight, split.test()), mean);
            }
        }
        return best;
    }

    private static double[][] widened(double[][] similarity, double same) {
        double[][] wide = new double[similarity.length][similarity.length];
        for (int i = 0; i < wide.length; i++) {
            for (int j = 0; j < wide.length; j++) {
                wide[i][j] = similarity[i][j] + 1;
            }
            wide[i][i] += same;
        }
        return wide;
    }

    /** Similarity of the wanted pairs to the weighted ones, summed over these: lines · W · drugs. */
    private static double[] images(
            double[][] lines, double[][] drugs, DrugResponses responses, int[] pairs, double[] weights, int[] wanted) {
        double[][] perLine = new double[lines.length][];
        for (int i = 0; i < pairs.length; i++) {
            int line = responses.line()[pairs[i]];
            if (perLine[line] == null) {
                perLine[line] = new double[drugs.length];
            }
            ShiftedSystems.add(perLine[line], drugs[responses.drug()[pairs[i]]], weights[i]);
        }
        double[][] images = new double[lines.length][];
        double[] result = new double[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            int line = responses.line()[wanted[i]];
            double[] image = images[line];
            if (image == null) {
                image = new double[drugs.length];
                for (int other = 0; other < lines.length; other++) {
                    if (perLine[other] != null) {
                        ShiftedSystems.add(image, perLine[other], lines[line][other]);
                    }
                }
                images[line] = image;
            }
            result[i] = image[responses.drug()[wanted[i]]];
        }
        return result;
    }

    private static float[] shifted(double[] values, double by) {
        float[] shifted = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            shifted[i] = (float) (values[i] + by);
        }
        return shifted;
    }
}
