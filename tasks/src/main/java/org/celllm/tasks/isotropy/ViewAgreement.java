package org.celllm.tasks.isotropy;

import java.util.ArrayList;
import java.util.List;
import org.celllm.network.runtime.Workers;

/**
 * Alignment and uniformity of the directions of two views of every cell (Wang and Isola, arXiv 2005.10242, with their
 * exponents 2 and t = 2). Cells of which a view has no direction are left out.
 *
 * @param cells whose two views have a direction
 * @param alignment mean ‖z_a − z_b‖² of the views of a cell: 0 where they coincide, 2 where they have nothing to do with
 *     each other, 4 at most; NaN without cells
 * @param uniformity ln mean_{i ≠ j} exp(−2‖z_i − z_j‖²) over all pairs of cells, the mean of both views': 0 where all
 *     coincide, the lower the more evenly they spread, not below −8; NaN for fewer than two cells
 */
public record ViewAgreement(int cells, double alignment, double uniformity) {
    /**
     * Measures.
     *
     * @param first [cells][dim] embeddings of first views, of any length
     * @param second [cells][dim] of the same cells' second views
     * @param workers share the pairs
     * @throws IllegalArgumentException when the numbers of cells differ or a number is not finite
     */
    public static ViewAgreement of(float[][] first, float[][] second, Workers workers) {
        if (first.length != second.length) {
            throw new IllegalArgumentException(first.length + " first and " + second.length + " second views");
        }
        List<float[]> ones = new ArrayList<>();
        List<float[]> others = new ArrayList<>();
        double distance = 0;
        for (int cell = 0; cell < first.length; cell++) {
            float[] one = Directions.unit(first[cell]);
            float[] other = Directions.unit(second[cell]);
            if (one != null && other != null) {
                ones.add(one);
                others.add(other);
                distance += square(one, other);
            }
        }
        return new ViewAgreement(
                ones.size(),
                distance / ones.size(),
                (Uniformity.of(ones.toArray(float[][]::new), workers)
                                + Uniformity.of(others.toArray(float[][]::new), workers))
                        / 2);
    }

    private static double square(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            double difference = (double) one[i] - other[i];
            sum += difference * difference;
        }
        return sum;
    }
}
