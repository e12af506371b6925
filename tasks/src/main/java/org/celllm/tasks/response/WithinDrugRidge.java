package org.celllm.tasks.response;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A ridge regression on the lines' features for each drug by itself, around the drug's mean: the intercept is not
 * penalised, so that a large penalty leaves the mean. One penalty for all drugs, chosen by the validation pairs. A drug
 * without training pairs is taken for the mean drug: the regression is on what each line's pairs leave above the means
 * of their drugs.
 *
 * @param name in tables
 * @param features of lines that it reads
 */
record WithinDrugRidge(String name, Function<ResponseData, List<NamedFeatures>> features) implements ResponseMethod {
    /** In units of a line's similarity to itself. */
    private static final double[] PENALTIES = {0.3, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096};

    private static final int MOST_STEPS = 100;

    @Override
    public float[] predict(ResponseData data, ResponseSplit split, long seed) {
        DrugResponses responses = data.responses();
        boolean[] trained = new boolean[responses.lines().size()];
        for (int pair : split.train()) {
            trained[responses.line()[pair]] = true;
        }
        double[][] similarity = Similarity.ofLines(features.apply(data), trained);
        float[][] validation = new float[PENALTIES.length][split.validation().length];
        float[][] test = new float[PENALTIES.length][split.test().length];
        Target meanDrug = meanDrug(responses, split.train());
        int drugs = responses.drugs().size();
        int[][] train = byDrug(responses, split.train(), drugs);
        int[][] validated = byDrug(responses, split.validation(), drugs);
        int[][] tested = byDrug(responses, split.test(), drugs);
        // Drugs share nothing that is written: each has pairs of its own.
        IntStream.range(0, drugs).parallel().forEach(drug -> {
            if (validated[drug].length + tested[drug].length == 0) {
                return;
            }
            Target target = train[drug].length == 0 ? meanDrug : target(responses, split.train(), train[drug]);
            double[][] weights = target.weights(similarity);
            for (int p = 0; p < PENALTIES.length; p++) {
                for (int i : validated[drug]) {
                    int line = responses.line()[split.validation()[i]];
                    validation[p][i] = target.predict(similarity[line], weights[p]);
                }
                for (int i : tested[drug]) {
                    test[p][i] = target.predict(similarity[responses.line()[split.test()[i]]], weights[p]);
                }
            }
        });
        double[] errors = new double[PENALTIES.length];
        for (int p = 0; p < PENALTIES.length; p++) {
            errors[p] = SquaredError.of(validation[p], responses, split.validation());
        }
        return test[SquaredError.least(errors)];
    }

    /**
     * What one regression fits.
     *
     * @param lines trained on
     * @param mean of the responses
     * @param centred [lines] responses without the mean
     */
    private record Target(int[] lines, double mean, double[] centred) {
        static Target of(int[] lines, double[] responses) {
            double mean = Arrays.stream(responses).average().orElseThrow();
            return new Target(
                    lines, mean, Arrays.stream(responses).map(y -> y - mean).toArray());
        }

        /** [penalties, lines + 1], the last one the intercept. */
        double[][] weights(double[][] similarity) {
            int n = lines.length;
            double[][] own = new double[n][n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    own[i][j] = similarity[lines[i]][lines[j]];
                }
            }
            double[][] solved = ShiftedSystems.solve(
                    vector -> {
                        double[] image = new double[n];
                        double sum = 0;
                        for (int i = 0; i < n; i++) {
                            image[i] = ShiftedSystems.dot(own[i], vector);
                            sum += image[i];
                        }
                        // Vectors sum to zero, as the centred responses do: centring once is centring both sides.
                        for (int i = 0; i < n; i++) {
                            image[i] -= sum / n;
                        }
                        return image;
                    },
                    centred,
                    PENALTIES,
                    MOST_STEPS);
            double[][] weights = new double[PENALTIES.length][];
            for (int p = 0; p < PENALTIES.length; p++) {
                weights[p] = Arrays.copyOf(solved[p], n + 1);
                weights[p][n] = mean;
                for (int i = 0; i < n; i++) {
                    weights[p][n] -= ShiftedSystems.dot(own[i], solved[p]) / n;
                }
            }
            return weights;
        }

        float predict(double[] similarityToLines, double[] weights) {
            double sum = weights[lines.length];
            for (int i = 0; i < lines.length; i++) {
                sum += weights[i] * similarityToLines[lines[i]];
            }
            return (float) sum;
        }
    }

    private static Target target(DrugResponses responses, int[] pairs, int[] chosen) {
        int[] lines = new int[chosen.length];
        double[] values = new double[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            lines[i] = responses.line()[pairs[chosen[i]]];
            values[i] = responses.lnIc50()[pairs[chosen[i]]];
        }
        return Target.of(lines, values);
    }

    private static Target meanDrug(DrugResponses responses, int[] pairs) {
        int lines = responses.lines().size();
        double[] means = GroupMeans.of(
                responses, pairs, responses.drug(), responses.drugs().size());
        double overall = GroupMeans.overall(responses, pairs);
        double[] sum = new double[lines];
        int[] count = new int[lines];
        for (int pair : pairs) {
            sum[responses.line()[pair]] +=
                    responses.lnIc50()[pair] - means[responses.drug()[pair]];
            count[responses.line()[pair]]++;
        }
        int[] measured = IntStream.range(0, lines).filter(i -> count[i] > 0).toArray();
        return Target.of(
                measured,
                Arrays.stream(measured)
                        .mapToDouble(i -> overall + sum[i] / count[i])
                        .toArray());
    }

    /** The places in {@code pairs} of each drug's pairs. */
    private static int[][] byDrug(DrugResponses responses, int[] pairs, int drugs) {
        List<List<Integer>> places = new ArrayList<>();
        for (int drug = 0; drug < drugs; drug++) {
            places.add(new ArrayList<>());
        }
        for (int i = 0; i < pairs.length; i++) {
            places.get(responses.drug()[pairs[i]]).add(i);
        }
        return places.stream()
                .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }
}
