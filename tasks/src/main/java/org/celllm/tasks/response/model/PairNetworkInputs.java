package org.celllm.tasks.response.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.celllm.tasks.drug.Molecule;
import org.celllm.tasks.response.ResponseData;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link PairNetwork} is trained on.
 *
 * @param scales of lines and responses
 * @param rows [lines][features]
 * @param molecules of the trained drugs, or {@code null}
 * @param responses [lines][drugs], NaN where not measured
 */
record PairNetworkInputs(
        PairNetworkScales scales, double[][] rows, @Nullable List<Molecule> molecules, double[][] responses) {
    /**
     * The inputs of some pairs.
     *
     * @param weights one a table of the lines
     */
    static PairNetworkInputs of(ResponseData data, Measured measured, double[] weights) {
        LineFeatures features = LineFeatures.of(data.lines().all(), measured.lines(), weights);
        double[][] all = features.rows(data.lines().all());
        double[][] rows =
                Arrays.stream(measured.lines()).mapToObj(line -> all[line]).toArray(double[][]::new);
        List<Molecule> known = data.molecules();
        List<Molecule> molecules = new ArrayList<>();
        for (int drug : measured.drugs()) {
            if (known != null) {
                molecules.add(known.get(drug));
            }
        }
        double[] seen = Arrays.stream(Matrices.flat(measured.responses()))
                .filter(value -> !Double.isNaN(value))
                .toArray();
        double mean = Arrays.stream(seen).average().orElse(0);
        double variance = Arrays.stream(seen)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(0);
        PairNetworkScales scales = new PairNetworkScales(
                features,
                Math.sqrt(data.lines().expression().columns().size()),
                measured.lineNames(data.responses()),
                measured.drugNames(data.responses()),
                known != null,
                mean,
                variance > 0 ? Math.sqrt(variance) : 1);
        return new PairNetworkInputs(scales, rows, known == null ? null : molecules, measured.responses());
    }
}
