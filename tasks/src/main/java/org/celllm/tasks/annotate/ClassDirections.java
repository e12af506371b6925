package org.celllm.tasks.annotate;

import java.util.Arrays;
import org.celllm.data.features.DenseRows;

/**
 * What the direction of a cell says of its class: the cosine of its features to those of the labelled cells of each class, on
 * average. A cell's length, which follows its depth and how far it is from the mean of all, moves a linear rule's threshold when there
 * is one label a class to set it by; its direction does not know it.
 */
final class ClassDirections {
    /** Log-probability that a cosine adds for each of its standard deviations over the cells. */
    private static final double SHARPNESS = 3;

    private ClassDirections() {}

    /**
     * Log-probabilities by direction alone.
     *
     * @param rows [cells, features], centred
     * @param given [cells] classes, −1 for unlabelled; one label at least
     * @return [cells][classes], −∞ for a class without a label
     */
    static double[][] logProbabilities(DenseRows rows, int[] given, int classes) {
        double[][] directions = new double[classes][rows.columns()];
        int[] counts = new int[classes];
        for (int cell = 0; cell < given.length; cell++) {
            if (given[cell] >= 0) {
                counts[given[cell]]++;
                addUnit(rows.values()[cell], directions[given[cell]]);
            }
        }
        double[][] cosines = new double[given.length][classes];
        double deviation = 0;
        int known = 0;
        for (int c = 0; c < classes; c++) {
            if (counts[c] == 0) {
                continue;
            }
            known++;
            double sum = 0;
            double squares = 0;
            for (int cell = 0; cell < given.length; cell++) {
                double cosine = cosine(rows.values()[cell], directions[c]) / counts[c];
                cosines[cell][c] = cosine;
                sum += cosine;
                squares += cosine * cosine;
            }
            double mean = sum / given.length;
            deviation += Math.sqrt(Math.max(0, squares / given.length - mean * mean));
        }
        double factor = SHARPNESS * known / Math.max(deviation, 1e-12);
        for (double[] cell : cosines) {
            toLogProbabilities(cell, counts, factor);
        }
        return cosines;
    }

    private static void addUnit(float[] row, double[] direction) {
        double length = length(row);
        for (int j = 0; j < row.length; j++) {
            direction[j] += row[j] / length;
        }
    }

    /** Of a row with a sum of unit vectors, times the length of the sum. */
    private static double cosine(float[] row, double[] direction) {
        double product = 0;
        for (int j = 0; j < row.length; j++) {
            product += row[j] * direction[j];
        }
        return product / length(row);
    }

    private static double length(float[] row) {
        double squares = 0;
        for (float value : row) {
            squares += (double) value * value;
        }
        return Math.max(Math.sqrt(squares), 1e-12);
    }

    private static void toLogProbabilities(double[] cell, int[] counts, double factor) {
        double best = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < cell.length; c++) {
            cell[c] = counts[c] == 0 ? Double.NEGATIVE_INFINITY : cell[c] * factor;
            best = Math.max(best, cell[c]);
        }
        double most = best;
        double sum = Arrays.stream(cell).map(value -> Math.exp(value - most)).sum();
        for (int c = 0; c < cell.length; c++) {
            cell[c] -= most + Math.log(sum);
        }
    }
}
