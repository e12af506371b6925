package org.celllm.tasks.response.model;

import org.celllm.tasks.response.NamedFeatures;

/**
 * What trained drugs tell of others: an unseen drug's mean and covariances are those of trained ones in the proportions of a
 * kernel ridge regression on drug features, with Tanimoto's similarity x·y / (x·x + y·y − x·y).
 *
 * @param trained [trained drugs, features]
 * @param penalty of the ridge
 */
record DrugSimilarity(NamedFeatures trained, double penalty) {
    DrugSimilarity {
        if (!(penalty > 0)) {
            throw new IllegalArgumentException("a penalty of " + penalty);
        }
    }

    /** The same with another penalty. */
    DrugSimilarity with(double other) {
        return new DrugSimilarity(trained, other);
    }

    /**
     * The proportions.
     *
     * @param asked with the trained drugs' columns
     * @return [asked][trained]
     */
    double[][] proportions(NamedFeatures asked) {
        if (!asked.columns().equals(trained.columns())) {
            throw new IllegalArgumentException("drugs have other features than those trained on");
        }
        int n = trained.names().size();
        double[][] among = new double[n][];
        for (int i = 0; i < n; i++) {
            among[i] = alike(trained.values()[i], trained.values());
            among[i][i] += penalty;
        }
        double[][] right = new double[asked.names().size()][];
        for (int i = 0; i < right.length; i++) {
            right[i] = alike(asked.values()[i], trained.values());
        }
        return Matrices.solve(among, right);
    }

    private static double[] alike(float[] drug, float[][] others) {
        double own = dot(drug, drug);
        double[] alike = new double[others.length];
        for (int j = 0; j < others.length; j++) {
            double shared = dot(drug, others[j]);
            double either = own + dot(others[j], others[j]) - shared;
            alike[j] = either == 0 ? 0 : shared / either;
        }
        return alike;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
