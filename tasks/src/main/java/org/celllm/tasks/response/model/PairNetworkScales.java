package org.celllm.tasks.response.model;

import java.util.List;

/**
 * How a {@link PairNetwork}'s inputs and outputs are scaled, and whom it knows.
 *
 * @param features how lines become rows
 * @param factor what rows are multiplied with so that a number of an expressed gene is about 1
 * @param lines names of the trained ones
 * @param drugs names of the trained ones
 * @param withMolecules whether it was trained on the drugs' molecules
 * @param mean ln IC50 of the training pairs
 * @param deviation of the training pairs
 */
record PairNetworkScales(
        LineFeatures features,
        double factor,
        List<String> lines,
        List<String> drugs,
        boolean withMolecules,
        double mean,
        double deviation) {
    PairNetworkScales {
        lines = List.copyOf(lines);
        drugs = List.copyOf(drugs);
        if (!(factor > 0 && deviation > 0)) {
            throw new IllegalArgumentException("a factor of " + factor + " and a deviation of " + deviation);
        }
    }

    /** A network that has not learned yet. */
    PairNetwork network(NetworkSettings settings, long seed) {
        return new PairNetwork(settings, features.size(), lines.size(), drugs.size(), withMolecules, seed);
    }

    /** Rows one after the other, as the network wants them. */
    float[] flat(double[][] rows) {
        double[] flat = Matrices.flat(rows);
        float[] scaled = new float[flat.length];
        for (int i = 0; i < flat.length; i++) {
            scaled[i] = (float) (flat[i] * factor);
        }
        return scaled;
    }
}
