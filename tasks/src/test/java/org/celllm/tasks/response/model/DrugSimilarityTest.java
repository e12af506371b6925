package org.celllm.tasks.response.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.drug.Molecule;
import org.celllm.tasks.drug.SmilesReader;
import org.celllm.tasks.response.NamedFeatures;
import org.junit.jupiter.api.Test;

class DrugSimilarityTest {
    private static final double[] PENALTIES = {0.1, 0.03, 0.3, 1, 3};

    /** The closed form beside leaving each drug out in earnest. */
    @Test
    void thePenaltyIsTheOneThatPredictsDrugsLeftOutBest() {
        for (long seed : new long[] {1, 2, 3}) {
            KeyedRandom random = KeyedRandom.of(seed);
            int n = 14;
            float[][] features = new float[n][6];
            double[] mean = new double[n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < 6; j++) {
                    features[i][j] = random.nextDouble() < 0.5 ? 1 : 0;
                    mean[i] += (j + 1) * features[i][j];
                }
                features[i][0] = 1;
                mean[i] += seed * random.nextGaussian();
            }
            double all = Arrays.stream(mean).average().orElseThrow();
            double least = Double.POSITIVE_INFINITY;
            double best = 0;
            for (double penalty : PENALTIES) {
                double error = 0;
                for (int left = 0; left < n; left++) {
                    int out = left;
                    int[] others = IntStream.range(0, n).filter(i -> i != out).toArray();
                    DrugSimilarity similarity = new DrugSimilarity(kernel(features, others), penalty);
                    double[] mixture = similarity.proportions(asked(features, out))[0];
                    double predicted = all;
                    for (int i = 0; i < others.length; i++) {
                        predicted += mixture[i] * (mean[others[i]] - all);
                    }
                    error += (predicted - mean[out]) * (predicted - mean[out]);
                }
                if (error < least) {
                    least = error;
                    best = penalty;
                }
            }
            DrugKernel whole = kernel(features, IntStream.range(0, n).toArray());
            assertThat(DrugSimilarity.tuned(whole, mean).penalty())
                    .as("seed %d", seed)
                    .isEqualTo(best);
        }
    }

    @Test
    void aTrainedDrugIsMostlyItself() {
        List<Molecule> drugs = List.of(
                SmilesReader.read("a", "COCCOc1cc2ncnc(Nc3cccc(c3)C#C)c2cc1OCCOC"),
                SmilesReader.read("b", "CC(=O)Oc1ccccc1C(=O)O"),
                SmilesReader.read("c", "Cn1cnc2c1c(=O)n(C)c(=O)n2C"));
        DrugSimilarity similarity = new DrugSimilarity(DrugKernel.OfMolecules.of(drugs), 1e-6);
        double[][] mixture = similarity.proportions(new ResponseQuery(lines(), List.of("a", "b", "c"), null, drugs));
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                assertThat(mixture[i][j]).isCloseTo(i == j ? 1 : 0, within(1e-4));
            }
        }
    }

    @Test
    void drugsOfAnotherKindAreRefused() {
        DrugSimilarity byFeatures = new DrugSimilarity(kernel(new float[][] {{1, 0}, {0, 1}}, new int[] {0, 1}), 1);
        NamedFeatures other = new NamedFeatures(List.of("x"), List.of("other", "names"), new float[][] {{1, 1}});
        assertThatThrownBy(() -> byFeatures.proportions(new ResponseQuery(lines(), List.of("x"), other, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other features");
        DrugSimilarity byMolecules =
                new DrugSimilarity(DrugKernel.OfMolecules.of(List.of(SmilesReader.read("a", "CCO"))), 1);
        assertThatThrownBy(() -> byMolecules.proportions(new ResponseQuery(lines(), List.of("x"), other, null)))
                .hasMessageContaining("without molecules");
    }

    private static DrugKernel kernel(float[][] features, int[] rows) {
        return new DrugKernel.OfFeatures(new NamedFeatures(
                Arrays.stream(rows).mapToObj(i -> "D" + i).toList(),
                columns(features[0].length),
                Arrays.stream(rows).mapToObj(i -> features[i]).toArray(float[][]::new)));
    }

    private static ResponseQuery asked(float[][] features, int row) {
        NamedFeatures one =
                new NamedFeatures(List.of("asked"), columns(features[0].length), new float[][] {features[row]});
        return new ResponseQuery(lines(), List.of("asked"), one, null);
    }

    private static List<NamedFeatures> lines() {
        return List.of(new NamedFeatures(List.of("L"), List.of("G"), new float[][] {{1}}));
    }

    private static List<String> columns(int n) {
        return IntStream.range(0, n).mapToObj(j -> "f" + j).toList();
    }
}
