package org.celllm.network.attention;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/**
 * FAVOR+ attention, cell by cell, as the formula reads (Choromanski et al., equations 4 and 5, with the stabilisers of
 * the published CellLM network). With s = headDim^(−1/4) and directions P:
 *
 * <pre>
 * φ_q(x) = exp(s·Px − s²‖x‖²/2 − max over features of s·Px) + 1e-4
 * φ_k(x) = exp(s·Px − s²‖x‖²/2 − max over the cell's heads, positions and features of s·Px) + 1e-4
 * out    = φ_q (φ_kᵀ V) / (φ_q · Σ φ_k)
 * </pre>
 *
 * <p>The portable path, differentiated by autograd, with padding or without; {@link FavorKernel} is tested against it.
 * The factor m^(−1/2) of both maps cancels in the quotient and is left out. The gradient flows through both maxima,
 * as in the published network.
 */
final class FavorFormula {
    /** Added to every feature, so that no normaliser is zero. */
    static final double FLOOR = 1e-4;

    private FavorFormula() {}

    /**
     * Attends within every cell, by the formula.
     *
     * @param query [rows, heads · headDim]
     * @param key [rows, heads · headDim]
     * @param value [rows, heads · headDim]
     * @param directions [features, headDim]
     * @param heads attention heads
     * @param layout which rows are whose
     * @return [rows, heads · headDim]
     */
    static Tensor attend(Tensor query, Tensor key, Tensor value, Tensor directions, int heads, SequenceLayout layout) {
        return Native.scoped(() -> {
            TensorVector normal = new TensorVector();
            TensorVector padding = new TensorVector();
            for (int cell = 0; cell < layout.cells(); cell++) {
                int number = cell;
                Native.run(() -> {
                    Tensor out = cell(
                            rows(query, layout, number),
                            rows(key, layout, number),
                            rows(value, layout, number),
                            directions,
                            heads,
                            layout,
                            number);
                    normal.push_back(out.narrow(0, 0, layout.length(number)));
                    if (layout.hasPadding()) {
                        padding.push_back(out.narrow(0, layout.length(number), 1));
                    }
                });
            }
            for (long i = 0; i < padding.size(); i++) {
                normal.push_back(padding.get(i));
            }
            return torch.cat(normal, 0);
        });
    }

    private static Tensor rows(Tensor all, SequenceLayout layout, int cell) {
        Tensor normal = all.narrow(0, layout.starts()[cell], layout.length(cell));
        if (!layout.hasPadding()) {
            return normal;
        }
        TensorVector both = new TensorVector(normal, all.narrow(0, layout.paddingRow(cell), 1));
        return torch.cat(both, 0);
    }

    private static Tensor cell(
            Tensor query, Tensor key, Tensor value, Tensor directions, int heads, SequenceLayout layout, int cell) {
        long rows = query.size(0);
        long headDim = directions.size(1);
        double scale = Math.pow((double) headDim, -0.25);
        Tensor q = query.view(rows, heads, headDim).transpose(0, 1).mul(new Scalar(scale));
        Tensor k = key.view(rows, heads, headDim).transpose(0, 1).mul(new Scalar(scale));
        Tensor v = value.view(rows, heads, headDim).transpose(0, 1);
        boolean paddingCounts = layout.hasPadding() && layout.padded()[cell] > 0;

        Tensor along = torch.matmul(q, directions.t());
        Tensor queries = features(q, along, along.amax(new long[] {-1}, true));

        Tensor alongKeys = torch.matmul(k, directions.t());
        Tensor counted = paddingCounts || !layout.hasPadding() ? alongKeys : alongKeys.narrow(1, 0, rows - 1);
        Tensor keys = features(k, alongKeys, counted.amax(new long[] {0, 1, 2}, true));

        Tensor sum;
        if (layout.hasPadding()) {
            double[] weights = new double[(int) rows];
            double[] kept = new double[(int) rows];
            Arrays.fill(weights, 1);
            Arrays.fill(kept, 1);
            weights[(int) rows - 1] = layout.padded()[cell];
            kept[(int) rows - 1] = 0;
            Tensor weight = TensorArrays.of(weights, 1, rows, 1).to(query.scalar_type());
            sum = keys.mul(weight).sum(new long[] {1}, true, new ScalarTypeOptional());
            v = v.mul(TensorArrays.of(kept, 1, rows, 1).to(query.scalar_type()));
        } else {
            sum = keys.sum(new long[] {1}, true, new ScalarTypeOptional());
        }
        Tensor numerator = torch.matmul(queries, torch.matmul(keys.transpose(1, 2), v));
        Tensor normaliser = torch.matmul(queries, sum.transpose(1, 2));
        return numerator.div(normaliser).transpose(0, 1).reshape(rows, heads * headDim);
    }

    private static Tensor features(Tensor scaled, Tensor along, Tensor highest) {
        Tensor halfSquares = scaled.mul(scaled)
                .sum(new long[] {-1}, true, new ScalarTypeOptional())
                .mul(new Scalar(0.5));
        return along.sub(halfSquares.add(highest)).exp().add(new Scalar(FLOOR));
    }
}
