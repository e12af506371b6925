package org.celllm.tasks.response.model;

import java.util.Arrays;
import java.util.List;
import org.celllm.tasks.drug.Molecule;
import org.celllm.tasks.drug.MoleculeSimilarity;
import org.celllm.tasks.response.NamedFeatures;
import org.celllm.tasks.response.ResponseData;
import org.jspecify.annotations.Nullable;

/** How alike any drug is to each trained one. */
sealed interface DrugKernel {
    /** [trained][trained] */
    double[][] among();

    /**
     * Of the drugs that are asked for.
     *
     * @return [asked][trained]
     * @throws IllegalArgumentException when they have other features than the trained ones
     */
    double[][] of(ResponseQuery asked);

    /**
     * What the data tells of drugs: features where they were given, otherwise the molecules.
     *
     * @param trained places of the trained drugs
     * @return {@code null} when nothing is known of drugs
     */
    static @Nullable DrugKernel of(ResponseData data, int[] trained) {
        NamedFeatures features = data.drugFeatures();
        if (features != null) {
            List<String> all = data.responses().drugs();
            return new OfFeatures(
                    features.of(Arrays.stream(trained).mapToObj(all::get).toList()));
        }
        List<Molecule> molecules = data.molecules();
        return molecules == null
                ? null
                : OfMolecules.of(Arrays.stream(trained).mapToObj(molecules::get).toList());
    }

    /**
     * By given features, after Tanimoto: x·y / (x·x + y·y − x·y).
     *
     * @param trained [trained drugs, features]
     */
    record OfFeatures(NamedFeatures trained) implements DrugKernel {
        @Override
        public double[][] among() {
            return between(trained);
        }

        @Override
        public double[][] of(ResponseQuery asked) {
            NamedFeatures features = asked.drugFeatures();
            if (features == null || !features.columns().equals(trained.columns())) {
                throw new IllegalArgumentException("drugs have other features than those trained on");
            }
            return between(features);
        }

        private double[][] between(NamedFeatures asked) {
            double[][] alike = new double[asked.values().length][trained.values().length];
            for (int i = 0; i < alike.length; i++) {
                float[] drug = asked.values()[i];
                double own = dot(drug, drug);
                for (int j = 0; j < alike[i].length; j++) {
                    float[] other = trained.values()[j];
                    double shared = dot(drug, other);
                    double either = own + dot(other, other) - shared;
                    alike[i][j] = either == 0 ? 0 : shared / either;
                }
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

    /**
     * By molecules.
     *
     * @param trained molecules
     * @param similarity measured by their spread
     */
    record OfMolecules(List<Molecule> trained, MoleculeSimilarity similarity) implements DrugKernel {
        static OfMolecules of(List<Molecule> trained) {
            return new OfMolecules(List.copyOf(trained), new MoleculeSimilarity(trained));
        }

        @Override
        public double[][] among() {
            return similarity.between(trained, trained);
        }

        @Override
        public double[][] of(ResponseQuery asked) {
            List<Molecule> molecules = asked.molecules();
            if (molecules == null) {
                throw new IllegalArgumentException("drugs without molecules, which the trained ones have");
            }
            return similarity.between(molecules, trained);
        }
    }
}
