package org.celllm.network.attention;

import org.celllm.data.random.KeyedRandom;

/**
 * Orthogonal random directions for FAVOR+: Gaussian blocks made orthogonal, each row then given the length of an
 * independent Gaussian vector (Choromanski et al., section 2.4). A pure function of its key, computed in 64-bit floats
 * in Java, so that every machine draws the same.
 */
public final class RandomFeatures {
    private static final long PURPOSE = 0x46415652L;

    private RandomFeatures() {}

    /**
     * Directions of one layer.
     *
     * @param features how many
     * @param headDim width of a head
     * @param seed the run's seed
     * @param draw number of the draw: 0 at the start, then as often as training redraws
     * @param layer the layer
     * @return [features · headDim] row by row
     */
    public static double[] orthogonal(int features, int headDim, long seed, long draw, int layer) {
        KeyedRandom random = KeyedRandom.of(seed, PURPOSE, draw, layer);
        double[] directions = new double[features * headDim];
        for (int from = 0; from < features; from += headDim) {
            orthonormalBlock(directions, from, Math.min(headDim, features - from), headDim, random);
        }
        for (int row = 0; row < features; row++) {
            double squares = 0;
            for (int column = 0; column < headDim; column++) {
                double gaussian = random.nextGaussian();
                squares += gaussian * gaussian;
            }
            double length = Math.sqrt(squares);
            for (int column = 0; column < headDim; column++) {
                directions[row * headDim + column] *= length;
            }
        }
        return directions;
    }

    /** Gram–Schmidt twice over, which is as good as Householder for blocks of this size. */
    private static void orthonormalBlock(double[] directions, int from, int rows, int width, KeyedRandom random) {
        for (int row = from; row < from + rows; row++) {
            for (int column = 0; column < width; column++) {
                directions[row * width + column] = random.nextGaussian();
            }
            for (int pass = 0; pass < 2; pass++) {
                for (int earlier = from; earlier < row; earlier++) {
                    double along = dot(directions, row, earlier, width);
                    for (int column = 0; column < width; column++) {
                        directions[row * width + column] -= along * directions[earlier * width + column];
                    }
                }
                double length = Math.sqrt(dot(directions, row, row, width));
                for (int column = 0; column < width; column++) {
                    directions[row * width + column] /= length;
                }
            }
        }
    }

    private static double dot(double[] values, int a, int b, int width) {
        double sum = 0;
        for (int column = 0; column < width; column++) {
            sum += values[a * width + column] * values[b * width + column];
        }
        return sum;
    }
}
