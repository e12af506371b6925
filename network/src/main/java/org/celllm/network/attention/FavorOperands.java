package org.celllm.network.attention;

import java.util.function.Consumer;
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
    private final AttentionLayout layout;
    private final FavorMatrix query;
    private final FavorMatrix key;
    private final FavorMatrix value;
    private final Tensor unscaled;
    private final Tensor directions;
    private final Held along;
    private final Held back;
    private final Held bias;

    /** A tensor with its address, which is good as long as the tensor is held. */
    private record Held(Tensor tensor, long address) {
        static Held of(Tensor tensor) {
            return new Held(tensor, tensor.data_ptr().address());
        }
    }

    /**
     * @param query [rows, heads · headDim] in the format of the operands; rows may lie apart, the numbers of a row not
     * @param key likewise
     * @param value likewise
     * @param directions [features, headDim]
     * @param layout rows of cells; the others count nowhere
     */
    FavorOperands(FavorShape shape, Tensor query, Tensor key, Tensor value, Tensor directions, AttentionLayout layout) {
        this.shape = shape;
        this.layout = layout;
        this.query = FavorMatrix.of(readable(query, layout.queries().positions()), shape);
        this.key = FavorMatrix.of(readable(key, layout.keys().positions()), shape);
        this.value = FavorMatrix.of(value, shape);
        double scale = Math.pow(shape.headDim(), -0.25);
        int padded = shape.padded();
        this.unscaled = directions;
        this.directions = directions.mul(new Scalar(scale)).to(shape.format().type());
        Tensor to = TensorArrays.zeros(shape.format().type(), shape.headDim(), padded);
        to.narrow(1, 0, shape.features()).copy_(this.directions.t());
        Tensor from = TensorArrays.zeros(shape.format().type(), padded, shape.headDim());
        from.narrow(0, 0, shape.features()).copy_(this.directions);
        // Features of padding are nothing.
        Tensor shift = TensorArrays.zeros(ScalarType.Float, padded).fill_(new Scalar(-1e4));
        shift.narrow(0, 0, shape.features()).fill_(new Scalar(-FusedFavor.SHIFT));
        this.along = Held.of(to);
        this.back = Held.of(from);
        this.bias = Held.of(shift);
    }

    /** With enough rows behind the last. */
    private static Tensor readable(Tensor x, int positions) {
        if (x.stride(1) != 1) {
            throw new IllegalArgumentException("the numbers of a row do not lie side by side");
        }
        long missing = positions + SLACK - x.size(0);
        return missing <= 0
                ? x
                : torch.cat(new TensorVector(x, TensorArrays.zeros(x.scalar_type(), missing, x.size(1))), 0);
    }

    /**
     * s²‖x‖²/2 of a group's rows and heads.
     *
     * @param all [positions, heads] where they go
     * @return [rows, heads, 1] a view of them
     */
    Tensor halves(FavorMatrix x, FavorRows rows, Tensor all) {
        Tensor norms = halvesOf(all, rows);
        byHeads(heads -> torch.norm_out(
                heads.of(norms),
                heads.of(byHead(x.tensor(), rows)),
                new ScalarOptional(new Scalar(2.0)),
                new long[] {2},
                true,
                ScalarType.Float));
        norms.mul_(norms).mul_(new Scalar(0.5 / Math.sqrt(shape.headDim())));
        return norms;
    }

    /** Does something for some of the heads. */
    @FunctionalInterface
    private interface SomeHeads {
        /** @return the same heads of a tensor whose second dimension are the heads */
        Tensor of(Tensor byHead);
    }

    /**
     * Does something that spreads a number over the values of each row and head: in one call for all heads or, where there are
     * only two, in one call each, since libtorch needs more time for a row than for the few values in it.
     */
    private void byHeads(Consumer<SomeHeads> work) {
        int together = shape.heads() > 2 ? shape.heads() : 1;
        for (int head = 0; head < shape.heads(); head += together) {
            int first = head;
            work.accept(byHead -> byHead.narrow(1, first, together));
        }
    }

    /** A group's part of [positions, heads], as [rows, heads, 1]. */
    static Tensor halvesOf(Tensor all, FavorRows rows) {
        return ofGroup(all, rows).unsqueeze(2);
    }

    /** exp(−h) of keys, rounded to the format of the operands, in 32-bit floats. */
    Tensor keyShrinkage(Tensor halves) {
        return halves.neg().exp_().to(shape.format().type()).to(ScalarType.Float);
    }

    /** exp(h) of keys, [rows, heads]. */
    static Tensor keyGrowth(Tensor halves) {
        return halves.exp().squeeze(2);
    }

    /** ε · exp(h) of queries, [rows, heads]. */
    static Tensor queryGrowth(Tensor halves) {
        return halves.clamp_max(new Scalar(MOST_GROWTH))
                .exp_()
                .mul_(new Scalar(FavorFormula.FLOOR))
                .squeeze(2);
    }

    private static Tensor ofGroup(Tensor all, FavorRows rows) {
        return all.narrow(0, rows.firstRow(), rows.rows());
    }

    /** A group's rows by head, [rows, heads, headDim]. */
    Tensor byHead(Tensor all, FavorRows rows) {
        return ofGroup(all, rows).view(rows.rows(), shape.heads(), shape.headDim());
    }

    FavorMatrix query() {
        return query;
    }

    FavorMatrix key() {
        return key;
    }

    FavorMatrix value() {
        return value;
    }

    /** s · P, [features, headDim]. */
    Tensor directions() {
        return directions;
    }

    /** P as it was given, [features, headDim]. */
    Tensor unscaledDirections() {
        return unscaled;
    }

    /** Address of s · Pᵀ. */
    long alongAddress() {
        return along.address();
    }

    /** Address of s · P, with zeros for the floor and padding. */
    long backAddress() {
        return back.address();
    }

    /** Address of what is added to s · Px. */
    long biasAddress() {
        return bias.address();
    }

    /** [rows, heads · headDim] operands of the queries' rows with undefined content, but zero in rows that belong to no cell. */
    Tensor emptyRows() {
        SequenceLayout rows = layout.queries();
        return clearFiller(TensorArrays.empty(shape.format().type(), rows.rows(), shape.inner()), rows);
    }

    /** Room for the gradients of all three operands, with {@link #SLACK} rows behind that may be written too. */
    AttentionGradients gradientRows() {
        if (layout.isSame()) {
            return AttentionGradients.together(gradientRows(layout.keys(), 3));
        }
        return AttentionGradients.apart(gradientRows(layout.queries(), 1), gradientRows(layout.keys(), 2));
    }

    private Tensor gradientRows(SequenceLayout rows, int operands) {
        return TensorArrays.empty(shape.format().type(), rows.rows() + SLACK, (long) operands * shape.inner())
                .narrow(0, 0, rows.rows());
    }

    /** Sets rows that belong to no cell to zero. */
    void clearFiller(AttentionGradients gradients) {
        clearFiller(gradients.query(), layout.queries());
        clearFiller(gradients.key(), layout.keys());
        clearFiller(gradients.value(), layout.keys());
    }

    private static Tensor clearFiller(Tensor rows, SequenceLayout layout) {
        if (layout.filler() > 0) {
            rows.narrow(0, layout.positions(), layout.filler()).zero_();
        }
        return rows;
    }

    /** [positions, heads] 32-bit floats with undefined content, a row for each query. */
    Tensor emptyByQuery() {
        return TensorArrays.empty(ScalarType.Float, layout.queries().positions(), shape.heads());
    }

    /** The same with a row for each key. */
    Tensor emptyByKey() {
        return TensorArrays.empty(ScalarType.Float, layout.keys().positions(), shape.heads());
    }

    /** Which of the directions each of [n, headDim] goes along most: [n] indices. */
    Tensor strongest(Tensor keys) {
        return keys.to(ScalarType.Float).mm(directions.to(ScalarType.Float).t()).argmax(new LongOptional(1), false);
    }
}
