package org.celllm.tasks.response.model;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.celllm.tasks.response.DrugResponses;

/**
 * Some pairs as a matrix of the lines and drugs that occur in them.
 *
 * @param lines places in the data's lines, ascending
 * @param drugs places in the data's drugs, ascending
 * @param responses [lines][drugs] ln IC50, NaN where not measured
 */
record Measured(int[] lines, int[] drugs, double[][] responses) {
    static Measured of(DrugResponses all, int[] pairs) {
        BitSet lines = new BitSet();
        BitSet drugs = new BitSet();
        for (int pair : pairs) {
            lines.set(all.line()[pair]);
            drugs.set(all.drug()[pair]);
        }
        int[] placeOfLine = places(lines, all.lines().size());
        int[] placeOfDrug = places(drugs, all.drugs().size());
        double[][] responses = new double[lines.cardinality()][drugs.cardinality()];
        for (double[] line : responses) {
            Arrays.fill(line, Double.NaN);
        }
        for (int pair : pairs) {
            responses[placeOfLine[all.line()[pair]]][placeOfDrug[all.drug()[pair]]] = all.lnIc50()[pair];
        }
        return new Measured(lines.stream().toArray(), drugs.stream().toArray(), responses);
    }

    private static int[] places(BitSet members, int size) {
        int[] places = new int[size];
        int next = 0;
        for (int i = members.nextSetBit(0); i >= 0; i = members.nextSetBit(i + 1)) {
            places[i] = next++;
        }
        return places;
    }

    /** The lines' names. */
    List<String> lineNames(DrugResponses all) {
        return Arrays.stream(lines).mapToObj(all.lines()::get).toList();
    }

    /** The drugs' names. */
    List<String> drugNames(DrugResponses all) {
        return Arrays.stream(drugs).mapToObj(all.drugs()::get).toList();
    }

    /** [lines × drugs] 1 where measured, else 0. */
    double[] mask() {
        return Arrays.stream(Matrices.flat(responses))
                .map(value -> Double.isNaN(value) ? 0 : 1)
                .toArray();
    }

    /** [lines × drugs] responses less the drugs' means, 0 where not measured. */
    double[] less(double[] mean) {
        double[] flat = Matrices.flat(responses);
        for (int i = 0; i < flat.length; i++) {
            flat[i] = Double.isNaN(flat[i]) ? 0 : flat[i] - mean[i % mean.length];
        }
        return flat;
    }
}
