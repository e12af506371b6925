package org.celllm.training.optimiser;

/**
 * Linear warm-up, then a cosine down to a tenth of the peak: a pure function of the step.
 *
 * @param peak the highest learning rate
 * @param warmup steps until it is reached
 * @param steps of the whole run
 */
public record LearningRateSchedule(double peak, long warmup, long steps) {
    private static final double FLOOR = 0.1;

    public LearningRateSchedule {
        if (!(peak > 0) || warmup < 0 || steps < 1) {
            throw new IllegalArgumentException(
                    "no schedule: peak " + peak + ", warm-up " + warmup + ", steps " + steps);
        }
    }

    /**
     * @param step from 0
     * @return the learning rate of that step, greater than 0
     */
    public double at(long step) {
        if (step < warmup) {
            return peak * (step + 1) / warmup;
        }
        double progress = Math.min(1, (double) (step - warmup) / Math.max(1, steps - warmup));
        return peak * (FLOOR + (1 - FLOOR) * 0.5 * (1 + Math.cos(Math.PI * progress)));
    }
}
