package org.celllm.network.attention;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.runtime.TensorArrays;

/**
 * Queries, keys, values and directions as {@link FusedFavor} reads them. All tensors lie in the scope they were made in.
 */
final class FavorOperands {
    /** Rows that are read behind the last, and count nowhere. */
    static final int SLACK = 15;

    /** Where exp(h) of a query ends: what E contributes is then 1e-15 of what the floor ε does. */
    private static final double MOST_GROWTH = 45;

    private final FavorShape shape;
    private final int positions;
    private final Tensor query;
    private final Tensor key;
    private final Tensor value;
    private final Tensor queryHalves;
    private final Tensor keyHalves;
    private final Tensor directions;
    private final Tensor along;
    private final Tensor back;
    private final Tensor bias;

    /**
     * @param query [rows, heads · headDim], bfloat16
     * @param key likewise
     * @param value likewise
     * @param directions [features, headDim]
     * @param positions rows of cells; the others count nowhere
     */
    FavorOperands(FavorShape shape, Tensor query, Tensor key, Tensor value, Tensor directions, int positions) {
        this.shape = shape;
        this.positions = positions;
        this.query = readable(query, positions);
        this.key = readable(key, positions);
        this.value = value.contiguous();
        this.queryHalves = halves(this.query);
        this.keyHalves = halves(this.key);
        double scale = Math.pow(shape.headDim(), -0.25);
        int padded = shape.padded();
        this.directions = directions.mul(new Scalar(scale)).to(ScalarType.BFloat16);
        this.along = TensorArrays.zeros(ScalarType.BFloat16, shape.headDim(), padded);
        along.narrow(1, 0, shape.features()).copy_(this.directions.t());
        this.back = TensorArrays.zeros(ScalarType.BFloat16, padded, shape.headDim());
        back.narrow(0, 0, shape.features()).copy_(this.directions);
        // Features of padding are nothing.
        this.bias = TensorArrays.zeros(ScalarType.Float, padded).fill_(new Scalar(-1e4));
        bias.narrow(0, 0, shape.features()).fill_(new Scalar(-FusedFavor.SHIFT));
    }

    private static Tensor readable(Tensor x, int positions) {
        Tensor rows = x.contiguous();
        long missing = positions + SLACK - rows.size(0);
        return missing <= 0
                ? rows
                : torch.cat(new TensorVector(rows, TensorArrays.zeros(ScalarType.BFloat16, missing, rows.size(1))), 0);
    }

    /** s²‖x‖²/2 by row and head, [positions, heads]. */
    private Tensor halves(Tensor x) {
        Tensor norms = TensorArrays.empty(ScalarType.Float, (long) positions * shape.heads(), 1);
        torch.norm_out(
                norms,
                x.narrow(0, 0, positions).view((long) positions * shape.heads(), shape.headDim()),
                new ScalarOptional(new Scalar(2.0)),
                new long[] {1},
                true,
                ScalarType.Float);
        return norms.mul_(norms)
                .mul_(new Scalar(0.5 / Math.sqrt(shape.headDim())))
                .view(positions, shape.heads());
    }

    /** The largest s²‖x‖²/2 of any query or key. */
    double longest() {
        return Math.max(queryHalves.max().item_double(), keyHalves.max().item_double());
    }

    /** exp(−h) of a group's keys, [rows, heads, 1] bfloat16. */
    Tensor keyShrinkage(FavorGroup group) {
        return ofGroup(keyHalves, group).neg().exp_().to(ScalarType.BFloat16).unsqueeze(2);
    }

    /** exp(h) of a group's keys, [rows, heads]. */
    Tensor keyGrowth(FavorGroup group) {
        return ofGroup(keyHalves, group).exp();
    }

    /** ε · exp(h) of a group's queries, [rows, heads]. */
    Tensor queryGrowth(FavorGroup group) {
        return ofGroup(queryHalves, group)
                .clamp_max(new Scalar(MOST_GROWTH))
                .exp_()
                .mul_(new Scalar(FavorFormula.FLOOR));
    }

    private static Tensor ofGroup(Tensor rows, FavorGroup group) {
        return rows.narrow(0, group.firstRow(), group.rows());
    }

    /** A group's rows by head, [rows, heads, headDim]. */
    Tensor byHead(Tensor rows, FavorGroup group) {
        return ofGroup(rows, group).view(group.rows(), shape.heads(), shape.headDim());
    }

    Tensor query() {
        return query;
    }

    Tensor key() {
        return key;
    }

    Tensor value() {
        return value;
    }

    /** s · P, [features, headDim]. */
    Tensor directions() {
        return directions;
    }

    /** Address of a head of row {@code row} of the queries or keys. */
    long address(Tensor rows, int row, int head) {
        return rows.data_ptr().address() + 2L * ((long) row * shape.inner() + (long) head * shape.headDim());
    }

    /** Address of s · Pᵀ. */
    long alongAddress() {
        return along.data_ptr().address();
    }

    /** Address of s · P, with zeros for the floor and padding. */
    long backAddress() {
        return back.data_ptr().address();
    }

    /** Address of what is added to s · Px. */
    long biasAddress() {
        return bias.data_ptr().address();
    }

    /** [rows, heads · headDim] bfloat16 with undefined content, but zero in rows that belong to no cell. */
    Tensor emptyRows() {
        Tensor rows = TensorArrays.empty(ScalarType.BFloat16, value.size(0), shape.inner());
        long filler = rows.size(0) - positions;
        if (filler > 0) {
            rows.narrow(0, positions, filler).zero_();
        }
        return rows;
    }

    /** [positions, heads] 32-bit floats with undefined content. */
    Tensor emptyByHead() {
        return TensorArrays.empty(ScalarType.Float, positions, shape.heads());
    }

    /** Which of the directions each of [n, headDim] goes along most: [n] indices. */
    Tensor strongest(Tensor keys) {
        return keys.to(ScalarType.Float).mm(directions.to(ScalarType.Float).t()).argmax(new LongOptional(1), false);
    }
}
