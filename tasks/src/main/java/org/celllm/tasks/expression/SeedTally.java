package org.celllm.tasks.expression;

/** What the guesses of one seed came to: the model's, and those of each {@link Guess}. */
final class SeedTally {
    private final BinCounts counts;
    private final double[] file;
    private final long[] right = new long[1 + Guess.values().length];
    private final double[] logLikelihood = new double[right.length];
    private long hidden;

    SeedTally(BinCounts counts) {
        this.counts = counts;
        this.file = counts.ofFile();
    }

    /**
     * A hidden gene.
     *
     * @param bin the true one
     * @param cell [bins] shares of the bins of the cell's genes that were not hidden
     * @param guessed whether the model was right
     * @param logProbability that the model gave the true bin
     */
    void hide(int gene, int bin, double[] cell, boolean guessed, double logProbability) {
        hidden++;
        right[0] += guessed ? 1 : 0;
        logLikelihood[0] += logProbability;
        double[] ofGene = counts.ofGeneWithout(gene, bin, file);
        int place = 0;
        for (Guess guess : Guess.values()) {
            place++;
            double[] shares = guess.of(ofGene, cell, file);
            int best = 0;
            for (int i = 1; i < shares.length; i++) {
                best = shares[i] > shares[best] ? i : best;
            }
            right[place] += best == bin ? 1 : 0;
            logLikelihood[place] += Math.log(shares[bin]);
        }
    }

    /**
     * The shares of the bins of a cell, together with one more gene that is spread as the file's are.
     *
     * @param shown [bins] how many of its genes that were not hidden are in each bin
     */
    double[] ofCell(int[] shown) {
        double[] shares = new double[shown.length];
        int sum = 0;
        for (int count : shown) {
            sum += count;
        }
        for (int bin = 0; bin < shares.length; bin++) {
            shares[bin] = (shown[bin] + file[bin]) / (sum + 1.0);
        }
        return shares;
    }

    long hidden() {
        return hidden;
    }

    /** The share of hidden bins guessed: of the model (0), or of the {@link Guess} before this place. */
    double right(int place) {
        return (double) right[place] / hidden;
    }

    /** Mean of −log probability of the true bin. */
    double loss(int place) {
        return -logLikelihood[place] / hidden;
    }
}
