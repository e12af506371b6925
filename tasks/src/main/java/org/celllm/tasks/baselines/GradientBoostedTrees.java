package org.celllm.tasks.baselines;

import com.microsoft.ml.lightgbm.PredictionType;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.celllm.data.features.FeatureRows;

/**
 * Gradient-boosted decision trees by LightGBM (Ke et al., NeurIPS 2017), on one thread and from a seed, so that a fit can
 * be repeated. LightGBM's defaults want 20 cells a leaf: with fewer than a few hundred cells a leaf may hold a tenth of
 * them. More than two classes are told apart one against the rest: lightgbm4j 4.3 has room for two numbers a cell only
 * when it predicts, and writes beyond it with more.
 *
 * @param models as LightGBM writes them: for two classes with training cells one, of the second; for more one each; for
 *     one none
 * @param present the classes that have training cells, ascending
 * @param classes how many there are
 */
public record GradientBoostedTrees(List<String> models, int[] present, int classes) implements Classifier {
    private static final int ROUNDS = 100;
    private static final int CELLS_PER_LEAF = 20;
    private static final int CELLS_PER_PREDICTION = 1024;

    public GradientBoostedTrees {
        models = List.copyOf(models);
    }

    /** Whether LightGBM can be used on this machine: it wants {@code libgomp}, which some have not. */
    public static boolean isAvailable() {
        try {
            LightGbmLibrary.load();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /**
     * Fits.
     *
     * @param rows [cells, features]
     * @param codes [cells] classes
     * @param classes how many there are; those without cells are never predicted
     * @throws IllegalStateException when LightGBM's native library cannot be loaded
     */
    public static GradientBoostedTrees fit(FeatureRows rows, int[] codes, int classes, long seed) {
        if (rows.rows() != codes.length || codes.length == 0) {
            throw new IllegalArgumentException(codes.length + " labels for " + rows.rows() + " cells");
        }
        int[] present = Arrays.stream(codes).distinct().sorted().toArray();
        List<String> models = new ArrayList<>();
        if (present.length > 1) {
            LightGbmLibrary.load();
            float[] matrix = matrix(rows, 0, rows.rows());
            for (int c = present.length == 2 ? 1 : 0; c < present.length; c++) {
                models.add(fitOne(matrix, rows, codes, present[c], seed));
            }
        }
        return new GradientBoostedTrees(models, present, classes);
    }

    private static String fitOne(float[] matrix, FeatureRows rows, int[] codes, int wanted, long seed) {
        float[] labels = new float[codes.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = codes[i] == wanted ? 1 : 0;
        }
        String settings = settings(codes.length, seed);
        try (LGBMDataset data = LGBMDataset.createFromMat(matrix, rows.rows(), rows.columns(), true, settings, null)) {
            data.setField("label", labels);
            try (LGBMBooster booster = LGBMBooster.create(data, settings)) {
                for (int round = 0; round < ROUNDS; round++) {
                    if (booster.updateOneIter()) {
                        break;
                    }
                }
                return booster.saveModelToString(0, 0, LGBMBooster.FeatureImportanceType.SPLIT);
            }
        } catch (LGBMException e) {
            throw new IllegalStateException("LightGBM cannot fit: " + e.getMessage(), e);
        }
    }

    @Override
    public double[][] logProbabilities(FeatureRows rows) {
        double[][] logs = new double[rows.rows()][classes];
        for (double[] cell : logs) {
            Arrays.fill(cell, Double.NEGATIVE_INFINITY);
            if (models.isEmpty()) {
                cell[present[0]] = 0;
            }
        }
        for (int m = 0; m < models.size(); m++) {
            double[] chances = chances(models.get(m), rows);
            for (int i = 0; i < logs.length; i++) {
                if (models.size() == 1) {
                    logs[i][present[0]] = Math.log1p(-chances[i]);
                    logs[i][present[1]] = Math.log(chances[i]);
                } else {
                    logs[i][present[m]] = Math.log(chances[i]);
                }
            }
        }
        if (models.size() > 1) {
            for (double[] cell : logs) {
                LogisticRegression.normalise(cell);
            }
        }
        return logs;
    }

    private static double[] chances(String model, FeatureRows rows) {
        LightGbmLibrary.load();
        double[] chances = new double[rows.rows()];
        try (LGBMBooster booster = LGBMBooster.loadModelFromString(model)) {
            for (int first = 0; first < chances.length; first += CELLS_PER_PREDICTION) {
                int last = Math.min(chances.length, first + CELLS_PER_PREDICTION);
                double[] some = booster.predictForMat(
                        matrix(rows, first, last),
                        last - first,
                        rows.columns(),
                        true,
                        PredictionType.C_API_PREDICT_NORMAL,
                        "num_threads=1");
                System.arraycopy(some, 0, chances, first, last - first);
            }
            return chances;
        } catch (LGBMException e) {
            throw new IllegalStateException("LightGBM cannot predict: " + e.getMessage(), e);
        }
    }

    private static String settings(int cells, long seed) {
        int leaf = Math.max(1, Math.min(CELLS_PER_LEAF, cells / 10));
        return "objective=binary min_data_in_leaf=" + leaf
                + " min_data_in_bin=" + Math.min(3, leaf)
                + " seed=" + Math.floorMod(seed, Integer.MAX_VALUE)
                + " deterministic=true force_row_wise=true num_threads=1 verbosity=-1";
    }

    /** [rows, columns] of some rows, dense. */
    private static float[] matrix(FeatureRows rows, int first, int last) {
        int columns = rows.columns();
        float[] matrix = new float[Math.multiplyExact(last - first, columns)];
        double[] ones = new double[rows.rows()];
        Arrays.fill(ones, 1);
        for (int row = first; row < last; row++) {
            double[] dense = new double[columns];
            rows.addTransposed(row, row + 1, ones, 1, dense);
            for (int column = 0; column < columns; column++) {
                matrix[(row - first) * columns + column] = (float) dense[column];
            }
        }
        return matrix;
    }
}
