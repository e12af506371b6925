package org.celllm.tasks.response.model;

/**
 * The size and the training of a {@link PairNetwork}.
 *
 * @param width of the lines' hidden layer, of atoms, and of the pairs' hidden layer
 * @param dim of the vectors of a line and of a drug
 * @param moleculeLayers of the graph isomorphism network
 * @param dropout share of a line's features and hidden units that a step does without
 * @param forgetting share of the lines and of the drugs that a step knows by their features alone, as if unseen
 * @param linesPerStep lines of a step, with all of their drugs
 * @param rate learning rate at its highest; it falls to nothing over the epochs along a cosine
 * @param decay of weights, AdamW's
 * @param epochs passes over the lines at most
 * @param patience epochs without a better validation error after which training ends
 * @param members networks whose predictions are averaged
 */
record NetworkSettings(
        int width,
        int dim,
        int moleculeLayers,
        double dropout,
        double forgetting,
        int linesPerStep,
        double rate,
        double decay,
        int epochs,
        int patience,
        int members) {
    static final NetworkSettings USUAL = new NetworkSettings(64, 48, 3, 0.2, 0.3, 64, 4e-3, 1e-2, 50, 10, 2);

    NetworkSettings {
        if (width < 1 || dim < 1 || linesPerStep < 1 || epochs < 1 || patience < 1 || members < 1) {
            throw new IllegalArgumentException("no network of width " + width + ", dim " + dim + ", " + linesPerStep
                    + " lines a step, " + epochs + " epochs, patience " + patience + ", " + members + " members");
        }
        if (!(dropout >= 0 && dropout < 1 && forgetting >= 0 && forgetting < 1 && rate > 0 && decay >= 0)) {
            throw new IllegalArgumentException(
                    "dropout " + dropout + ", forgetting " + forgetting + ", rate " + rate + ", decay " + decay);
        }
    }

    /** The learning rate of an epoch: it rises over the first two. */
    double rate(int epoch) {
        double rise = Math.min(1, (epoch + 1) / 3.0);
        return rate * rise * 0.5 * (1 + Math.cos(Math.PI * epoch / epochs));
    }
}
