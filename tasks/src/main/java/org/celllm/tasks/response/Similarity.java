package org.celllm.tasks.response;

import java.util.Arrays;
import java.util.List;
import org.celllm.tasks.drug.Molecule;
import org.celllm.tasks.drug.MoleculeSimilarity;

/** How alike lines or drugs are: the kernels of ridge regression. All are [n, n] and symmetric. */
final class Similarity {
    private Similarity() {}

    /**
     * Of lines, the mean over tables of the inner product of features, each gene standardised over the training lines and
     * the whole scaled to 1 for a training line by itself, on average. Genes that do not vary among them count nothing.
     *
     * @param trained lines
     */
    static double[][] ofLines(List<NamedFeatures> tables, boolean[] trained) {
        int n = trained.length;
        double[][] sum = new double[n][n];
        for (NamedFeatures table : tables) {
            double[][] products = products(standardised(table.values(), trained));
            double size = 0;
            int lines = 0;
            for (int i = 0; i < n; i++) {
                size += trained[i] ? products[i][i] : 0;
                lines += trained[i] ? 1 : 0;
            }
            for (int i = 0; i < n && size > 0; i++) {
                ShiftedSystems.add(sum[i], products[i], lines / size / tables.size());
            }
        }
        return sum;
    }

    /**
     * Of drugs, after Tanimoto: x·y / (x·x + y·y − x·y), which for bits of a fingerprint is the shared ones among those of
     * either. Drugs without any feature are alike to none but themselves.
     */
    static double[][] ofDrugs(NamedFeatures features) {
        double[][] rows = new double[features.names().size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = doubles(features.values()[i]);
        }
        double[][] products = products(rows);
        double[][] alike = new double[rows.length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows.length; j++) {
                double either = products[i][i] + products[j][j] - products[i][j];
                alike[i][j] = i == j ? 1 : either == 0 ? 0 : products[i][j] / either;
            }
        }
        return alike;
    }

    /**
     * Of molecules, as the model sees them ({@link MoleculeSimilarity}), measured by the spread of the training drugs.
     *
     * @param train places of the training pairs
     */
    static double[][] ofMolecules(List<Molecule> molecules, DrugResponses responses, int[] train) {
        List<Molecule> trained = Arrays.stream(train)
                .map(pair -> responses.drug()[pair])
                .distinct()
                .sorted()
                .mapToObj(molecules::get)
                .toList();
        return new MoleculeSimilarity(trained).between(molecules, molecules);
    }

    private static double[][] standardised(float[][] values, boolean[] trained) {
        int columns = values.length == 0 ? 0 : values[0].length;
        double[] mean = new double[columns];
        double[] squares = new double[columns];
        int n = 0;
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < columns && trained[i]; j++) {
                mean[j] += values[i][j];
            }
            n += trained[i] ? 1 : 0;
        }
        for (int j = 0; j < columns; j++) {
            mean[j] /= n;
        }
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < columns && trained[i]; j++) {
                squares[j] += (values[i][j] - mean[j]) * (values[i][j] - mean[j]);
            }
        }
        double[][] rows = new double[values.length][columns];
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < columns; j++) {
                double deviation = Math.sqrt(squares[j] / n);
                rows[i][j] = deviation <= 1e-6 * Math.abs(mean[j]) ? 0 : (values[i][j] - mean[j]) / deviation;
            }
        }
        return rows;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private static double[][] products(double[][] rows) {
        double[][] products = new double[rows.length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j <= i; j++) {
                products[i][j] = ShiftedSystems.dot(rows[i], rows[j]);
                products[j][i] = products[i][j];
            }
        }
        return products;
    }
}
