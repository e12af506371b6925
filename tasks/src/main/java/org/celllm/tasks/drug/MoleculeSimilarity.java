package org.celllm.tasks.drug;

import java.util.Arrays;
import java.util.List;

/**
 * How alike molecules are, from 0 to 1: half by the pieces they share ({@link MolecularFingerprint#overlap}), half by what they are
 * made of, exp(−squared distance of {@link MolecularDescriptors} / scale), each number as standard deviations among the reference
 * molecules and at most {@value #FARTHEST} of them from their mean. Both halves are positive definite, and so is the sum.
 */
public final class MoleculeSimilarity {
    private static final double FARTHEST = 4;

    private final double[] mean = new double[MolecularDescriptors.SIZE];
    private final double[] deviation = new double[MolecularDescriptors.SIZE];
    private final double scale;

    /**
     * @param reference molecules whose spread is the measure of distances: the trained ones
     */
    public MoleculeSimilarity(List<Molecule> reference) {
        int n = reference.size();
        for (int j = 0; j < mean.length; j++) {
            for (Molecule molecule : reference) {
                mean[j] += molecule.descriptors().values()[j] / n;
            }
            for (Molecule molecule : reference) {
                double away = molecule.descriptors().values()[j] - mean[j];
                deviation[j] += away * away / n;
            }
            deviation[j] = Math.sqrt(deviation[j]);
        }
        double[][] rows = rows(reference);
        double[] distances = new double[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                distances[next++] = distance(rows[i], rows[j]);
            }
        }
        double[] apart = Arrays.stream(distances).filter(d -> d > 0).sorted().toArray();
        scale = apart.length == 0 ? 1 : apart[apart.length / 2];
    }

    /**
     * How alike molecules are.
     *
     * @return [asked][others]
     */
    public double[][] between(List<Molecule> asked, List<Molecule> others) {
        double[][] left = rows(asked);
        double[][] right = rows(others);
        double[][] alike = new double[left.length][right.length];
        for (int i = 0; i < left.length; i++) {
            for (int j = 0; j < right.length; j++) {
                double pieces = asked.get(i).fingerprint().overlap(others.get(j).fingerprint());
                alike[i][j] = (pieces + Math.exp(-distance(left[i], right[j]) / scale)) / 2;
            }
        }
        return alike;
    }

    private double[][] rows(List<Molecule> molecules) {
        return molecules.stream().map(this::row).toArray(double[][]::new);
    }

    private double[] row(Molecule molecule) {
        double[] row = molecule.descriptors().values();
        for (int j = 0; j < row.length; j++) {
            double away = row[j] - mean[j];
            // Where the reference does not vary, any other value is as far as can be.
            double deviations = deviation[j] > 1e-9 * Math.max(1, Math.abs(mean[j]))
                    ? away / deviation[j]
                    : Math.abs(away) <= 1e-9 * Math.max(1, Math.abs(mean[j])) ? 0 : Math.signum(away) * FARTHEST;
            row[j] = Math.max(-FARTHEST, Math.min(FARTHEST, deviations));
        }
        return row;
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        }
        return sum;
    }
}
