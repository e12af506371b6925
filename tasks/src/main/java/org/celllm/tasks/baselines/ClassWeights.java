package org.celllm.tasks.baselines;

/** How much a training cell of each class counts. */
public enum ClassWeights {
    /** Every cell the same. */
    NONE,
    /** Every class the same in sum: 1 / share. */
    BALANCED,
    /** (1 − share)², as the published classifier has it. */
    PUBLISHED;

    /**
     * Weights of cells, with mean 1.
     *
     * @param codes [cells] classes
     * @param classes how many there are
     * @return [cells]
     */
    public double[] of(int[] codes, int classes) {
        double[] share = new double[classes];
        for (int code : codes) {
            share[code] += 1.0 / codes.length;
        }
        double[] weights = new double[codes.length];
        double sum = 0;
        for (int i = 0; i < codes.length; i++) {
            double s = share[codes[i]];
            weights[i] = switch (this) {
                case NONE -> 1;
                case BALANCED -> 1 / s;
                case PUBLISHED -> s >= 1 ? 1 : (1 - s) * (1 - s);
            };
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= codes.length / sum;
        }
        return weights;
    }
}
