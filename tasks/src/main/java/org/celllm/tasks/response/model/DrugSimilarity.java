package org.celllm.tasks.response.model;

/**
 * What trained drugs tell of others: an unseen drug's mean and covariances are those of trained ones in the proportions of a
 * kernel ridge regression.
 *
 * @param kernel how alike drugs are
 * @param penalty of the ridge
 */
record DrugSimilarity(DrugKernel kernel, double penalty) {
    private static final double[] PENALTIES = {0.1, 0.03, 0.3, 1, 3};

    DrugSimilarity {
        if (!(penalty > 0)) {
            throw new IllegalArgumentException("a penalty of " + penalty);
        }
    }

    /**
     * With the penalty that predicts each trained drug's mean response best from all others' (leaving one out, in closed form: the
     * residual of each is its weight over the diagonal of the inverse).
     *
     * @param mean [trained drugs] of ln IC50
     */
    static DrugSimilarity tuned(DrugKernel kernel, double[] mean) {
        double[][] among = kernel.among();
        int n = mean.length;
        double all = 0;
        for (double value : mean) {
            all += value / n;
        }
        double least = Double.POSITIVE_INFINITY;
        double best = PENALTIES[0];
        for (double penalty : PENALTIES) {
            double[][] unit = new double[n][n];
            for (int i = 0; i < n; i++) {
                unit[i][i] = 1;
            }
            double[][] inverse = Matrices.solve(widened(among, penalty), unit);
            double error = 0;
            for (int i = 0; i < n; i++) {
                double weight = 0;
                for (int j = 0; j < n; j++) {
                    weight += inverse[i][j] * (mean[j] - all);
                }
                double miss = weight / inverse[i][i];
                error += miss * miss;
            }
            if (error < least) {
                least = error;
                best = penalty;
            }
        }
        return new DrugSimilarity(kernel, best);
    }

    /**
     * The proportions.
     *
     * @return [asked][trained]
     * @throws IllegalArgumentException when the asked drugs have other features than the trained ones
     */
    double[][] proportions(ResponseQuery asked) {
        return Matrices.solve(widened(kernel.among(), penalty), kernel.of(asked));
    }

    private static double[][] widened(double[][] among, double penalty) {
        double[][] wide = new double[among.length][];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = among[i].clone();
            wide[i][i] += penalty;
        }
        return wide;
    }
}
