package org.celllm.tasks.response.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.celllm.tasks.response.NamedFeatures;

/**
 * Tables of features of cell lines as one row of numbers a line: each column standardised over the lines that were trained
 * on (0 where it does not vary among them), each table scaled to a squared length of its weight for a trained line on average.
 * So inner products are the weighted sum of the tables' linear kernels.
 *
 * @param tables how each table is scaled
 */
record LineFeatures(List<Table> tables) {
    LineFeatures {
        tables = List.copyOf(tables);
        if (tables.isEmpty()) {
            throw new IllegalArgumentException("no features");
        }
    }

    /**
     * One table.
     *
     * @param columns names
     * @param mean [columns] over the training lines
     * @param factor [columns] weight over deviation, 0 for columns that do not vary
     */
    record Table(List<String> columns, double[] mean, double[] factor) {
        Table {
            columns = List.copyOf(columns);
            if (mean.length != columns.size() || factor.length != columns.size()) {
                throw new IllegalArgumentException(
                        mean.length + " means and " + factor.length + " factors for " + columns.size() + " columns");
            }
        }
    }

    /**
     * Learns the scales.
     *
     * @param tables of the same lines
     * @param trained the places of the lines to learn from, at least one
     * @param weights one a table
     */
    static LineFeatures of(List<NamedFeatures> tables, int[] trained, double[] weights) {
        List<Table> scaled = new ArrayList<>();
        for (int t = 0; t < tables.size(); t++) {
            scaled.add(scaled(tables.get(t), trained, weights[t]));
        }
        return new LineFeatures(scaled);
    }

    private static Table scaled(NamedFeatures table, int[] trained, double weight) {
        int columns = table.columns().size();
        double[] mean = new double[columns];
        double[] factor = new double[columns];
        int varying = 0;
        for (int j = 0; j < columns; j++) {
            double sum = 0;
            for (int line : trained) {
                sum += table.values()[line][j];
            }
            mean[j] = sum / trained.length;
            double squares = 0;
            for (int line : trained) {
                double away = table.values()[line][j] - mean[j];
                squares += away * away;
            }
            double deviation = Math.sqrt(squares / trained.length);
            if (deviation > 1e-6 * Math.abs(mean[j]) && deviation > 0) {
                factor[j] = 1 / deviation;
                varying++;
            }
        }
        // Each column that varies adds 1 to the squared length of a trained line on average.
        double length = varying == 0 ? 0 : Math.sqrt(weight / varying);
        for (int j = 0; j < columns; j++) {
            factor[j] *= length;
        }
        return new Table(table.columns(), mean, factor);
    }

    /** How many numbers a line has. */
    int size() {
        return tables.stream().mapToInt(table -> table.columns().size()).sum();
    }

    /**
     * The rows of lines. Columns are found by name; one that the query lacks counts as average.
     *
     * @param query tables in the order of {@link #of}
     * @return [lines, size]
     */
    double[][] rows(List<NamedFeatures> query) {
        if (query.size() != tables.size()) {
            throw new IllegalArgumentException(query.size() + " tables instead of " + tables.size());
        }
        int lines = query.get(0).names().size();
        double[][] rows = new double[lines][size()];
        int first = 0;
        for (int t = 0; t < tables.size(); t++) {
            Table table = tables.get(t);
            int[] from = places(table.columns(), query.get(t).columns());
            for (int line = 0; line < lines; line++) {
                float[] values = query.get(t).values()[line];
                for (int j = 0; j < from.length; j++) {
                    rows[line][first + j] = from[j] < 0 ? 0 : (values[from[j]] - table.mean()[j]) * table.factor()[j];
                }
            }
            first += from.length;
        }
        return rows;
    }

    /** Where each wanted name stands among others, −1 where it does not. */
    static int[] places(List<String> wanted, List<String> among) {
        if (wanted.equals(among)) {
            int[] same = new int[wanted.size()];
            Arrays.setAll(same, i -> i);
            return same;
        }
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < among.size(); i++) {
            places.put(among.get(i), i);
        }
        return wanted.stream().mapToInt(name -> places.getOrDefault(name, -1)).toArray();
    }
}
