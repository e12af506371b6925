package org.celllm.training.views;

import java.util.random.RandomGenerator;

/**
 * Draws how many of some molecules are seen when each is seen with the same probability: by inversion of one uniform
 * number, from the rarer outcome's side, so that a draw costs the steps to the number drawn and not one draw a molecule.
 * Not thread safe: make one per probability, it costs nothing.
 */
final class Binomial {
    /** Above this many molecules the normal approximation is closer than a count is to its own noise. */
    private static final int EXACT = 128;

    /** 1 / k: a division at every step would be most of the time. */
    private static final double[] INVERSE = new double[EXACT + 1];

    static {
        for (int k = 1; k <= EXACT; k++) {
            INVERSE[k] = 1.0 / k;
        }
    }

    private final double probability;
    private final boolean countMissed;
    /** Of the rarer outcome, at most ½, so that no power of its complement below vanishes. */
    private final double rarer;

    private final double odds;
    /** [trials] chance that the rarer outcome never comes; filled up to the most trials asked for so far. */
    private final double[] never = new double[EXACT + 1];

    private int filled;

    /** @param probability of seeing each molecule, 0 … 1 */
    Binomial(double probability) {
        this.probability = probability;
        this.countMissed = probability > 0.5;
        this.rarer = countMissed ? 1 - probability : probability;
        this.odds = rarer / (1 - rarer);
        never[0] = 1;
    }

    /**
     * @param trials molecules, 0 or more
     * @return how many of them are seen, 0 … trials
     */
    int draw(RandomGenerator random, int trials) {
        if (trials > EXACT) {
            double mean = trials * probability;
            double drawn = Math.rint(mean + random.nextGaussian() * Math.sqrt(mean * (1 - probability)));
            return (int) Math.max(0, Math.min(trials, drawn));
        }
        for (; filled < trials; filled++) {
            never[filled + 1] = never[filled] * (1 - rarer);
        }
        double chance = never[trials];
        double left = random.nextDouble() - chance;
        int drawn = 0;
        while (left >= 0 && drawn < trials) {
            chance *= odds * (trials - drawn) * INVERSE[++drawn];
            left -= chance;
        }
        return countMissed ? trials - drawn : drawn;
    }
}
