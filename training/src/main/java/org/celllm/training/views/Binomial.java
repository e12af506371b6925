package org.celllm.training.views;

import java.util.random.RandomGenerator;

/** Draws how many of some molecules are seen when each is seen with the same probability. */
final class Binomial {
    /** Above this many molecules the normal approximation is closer than a count is to its own noise. */
    private static final int EXACT = 128;

    private Binomial() {}

    /**
     * @param trials molecules
     * @param probability of seeing each
     * @return 0 … trials
     */
    static int draw(RandomGenerator random, int trials, double probability) {
        if (trials > EXACT) {
            double mean = trials * probability;
            double drawn = Math.rint(mean + random.nextGaussian() * Math.sqrt(mean * (1 - probability)));
            return (int) Math.max(0, Math.min(trials, drawn));
        }
        int seen = 0;
        for (int i = 0; i < trials; i++) {
            if (random.nextDouble() < probability) {
                seen++;
            }
        }
        return seen;
    }
}
