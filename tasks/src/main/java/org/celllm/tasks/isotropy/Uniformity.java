package org.celllm.tasks.isotropy;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Workers;

/**
 * ln mean_{i ≠ j} exp(−2‖u_i − u_j‖²) of unit rows over all pairs. Of unit rows ‖u_i − u_j‖² = 2 − 2 u_i·u_j, so a tile of
 * pairs is one product of tiles of rows; memory grows with the rows, not with the pairs.
 */
final class Uniformity {
    private static final int TILE = 1024;

    private Uniformity() {}

    /**
     * @param rows [n][dim] of length one
     * @return within 1e-5 of the sum in float64; NaN for fewer than two rows
     */
    static double of(float[][] rows, Workers workers) {
        int n = rows.length;
        if (n < 2) {
            return Double.NaN;
        }
        List<int[]> tiles = new ArrayList<>();
        for (int from = 0; from < n; from += TILE) {
            for (int with = from; with < n; with += TILE) {
                tiles.add(new int[] {from, with});
            }
        }
        double[] sums = new double[tiles.size()];
        workers.run(workers.count(), tiles.size(), (worker, number) -> {
            int[] tile = tiles.get(number);
            sums[number] = sum(rows, tile[0], tile[1]);
        });
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return Math.log(total / ((double) n * (n - 1)));
    }

    /** Of the ordered pairs of different rows of which one lies in the tile from {@code from}, the other {@code with}. */
    private static double sum(float[][] rows, int from, int with) {
        double[] sum = {0};
        Native.runWithoutGradient(() -> {
            Tensor one = tile(rows, from);
            Tensor similar = from == with
                    ? torch.mm(one, one.t())
                    : torch.mm(one, tile(rows, with).t());
            Tensor near = torch.exp(similar.mul(new Scalar(4.0)).sub(new Scalar(4.0)));
            double pairs = total(near);
            sum[0] = from == with ? pairs - total(near.diagonal()) : 2 * pairs;
        });
        return sum[0];
    }

    private static double total(Tensor values) {
        return torch.sum(values, new ScalarTypeOptional(ScalarType.Double)).item_double();
    }

    private static Tensor tile(float[][] rows, int from) {
        int to = Math.min(rows.length, from + TILE);
        return TensorArrays.of(Directions.flat(rows, from, to), to - from, rows[0].length);
    }
}
