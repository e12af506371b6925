package org.celllm.network.attention;

import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.attention.FavorBuffers.Use;
import org.celllm.network.onednn.OneDnn;
import org.celllm.network.runtime.Native;

/**
 * The attention of {@link FavorFormula} on bfloat16 or 32-bit operands, for cells without padding: products of oneDNN that take the
 * exponential before they write, so that a feature is written once and read twice.
 *
 * <p>Notation. h = s²‖x‖²/2, β a constant, E = exp(s·Px − β), M a query's highest E and K the highest E of a cell's keys.
 * Since φ(x) = E·exp(β − h − max s·Px) + ε = (E + ε·exp(h)·max E) · exp(−h) / max E, no maximum has to be known before an
 * exponential is taken:
 *
 * <pre>
 * V' = exp(−h) ∘ [V, 1]                     [rows, headDim + 1]
 * S' = Eᵀ V' / K + ε exp(h)ᵀ V'             [features, headDim + 1]
 * N' = E S' + ε exp(h) M ∘ Σ_features S'    [rows, headDim + 1]; its last column is the normaliser
 * out = N'[:, :d] / N'[:, d]
 * </pre>
 *
 * <p>A query's own factor cancels in the quotient. What ε contributes rides in one feature more, the floor: exp(h) for a
 * key, ε exp(h) M for a query, Σ S' in S'. Its gradient is what flows through a query's maximum and length.
 *
 * <p>E does not overflow while h ≤ {@link #MOST_HALF_SQUARE}, beyond which E·exp(−h) would be nothing beside ε anyhow;
 * groups with a longer row are {@link SlowGroups}. Maxima are of rounded features: where two are a query's highest, both carry the
 * gradient of its maximum.
 *
 * <p>Not thread safe: one thread at a time.
 */
final class FusedFavor implements AutoCloseable {
    /** The largest s²‖x‖²/2 of a row that it takes. */
    static final double MOST_HALF_SQUARE = 80;

    /** β: exponents may lie from 88 below to 88 above it. */
    static final double SHIFT = 60;

    final FavorShape shape;
    final FavorPrograms programs;
    final FavorBuffers buffers;
    final FavorCopies copies;
    private final OneDnn library = new OneDnn();

    FusedFavor(FavorShape shape) {
        this.shape = shape;
        this.programs = new FavorPrograms(library, shape);
        this.buffers = new FavorBuffers(shape.format());
        this.copies = new FavorCopies(library);
    }

    /** Whether rows of these s²‖x‖²/2 are short enough. */
    static boolean fits(Tensor halves) {
        return halves.max().item_double() <= MOST_HALF_SQUARE;
    }

    /**
     * Attends, and keeps what the way back reads.
     *
     * @param features whether features are kept too, for the way back to take less time
     */
    FavorPass forward(FavorOperands operands, AttentionLayout layout, boolean features) {
        FavorKept kept = FavorKept.room(shape, layout, features);
        return forward(operands, layout, operands.emptyRows(), kept, row -> {}, row -> {});
    }

    /**
     * Attends to rows that are still being made, without a way back.
     *
     * @param out [rows, heads · headDim] to write; rows of no cell stay as they are
     * @param before is told how many rows of keys have to be there, before they are read
     * @param after is told how many rows of out are done
     */
    FavorPass forward(
            FavorOperands operands, AttentionLayout layout, Tensor out, IntConsumer before, IntConsumer after) {
        return forward(operands, layout, out, FavorKept.NOTHING, before, after);
    }

    private FavorPass forward(
            FavorOperands operands,
            AttentionLayout layout,
            Tensor out,
            FavorKept kept,
            IntConsumer before,
            IntConsumer after) {
        List<FavorGroup> groups = FavorGroup.of(layout, shape);
        FavorForward pass = new FavorForward(this, operands, groups, layout.cells(), out, kept);
        lend(kept);
        for (FavorGroup group : groups) {
            before.accept(group.keys().end() + FavorOperands.SLACK);
            Native.run(() -> pass.attend(group));
            after.accept(group.queries().end());
        }
        buffers.giveBack();
        return pass.result();
    }

    /** S' of every cell with the floor behind the features: [cells · heads, features + 1, headDim + 1]. */
    Tensor sums(FavorOperands operands, AttentionLayout layout) {
        List<FavorGroup> groups = FavorGroup.of(layout, shape);
        FavorForward pass = new FavorForward(
                this, operands, groups, layout.cells(), operands.value().tensor(), FavorKept.NOTHING);
        return pass.sums(groups);
    }

    /**
     * The gradient.
     *
     * @param forward what {@link #forward} left behind
     * @param gradient [rows, heads · headDim] of the loss with respect to its out
     */
    AttentionGradients backward(FavorOperands operands, AttentionLayout layout, FavorPass forward, Tensor gradient) {
        List<FavorGroup> groups = FavorGroup.of(layout, shape);
        FavorBackward pass = new FavorBackward(this, operands, groups, forward, gradient);
        lend(forward.kept());
        for (FavorGroup group : groups) {
            Native.run(() -> pass.differentiate(group));
        }
        buffers.giveBack();
        return pass.result();
    }

    private void lend(FavorKept kept) {
        buffers.giveBack();
        FavorKept.Features queries = kept.queries();
        if (queries != null) {
            buffers.lend(Use.QUERY_FEATURES, queries.numbers());
            buffers.lend(Use.QUERY_HIGHEST, Objects.requireNonNull(queries.highest()));
        }
        FavorKept.Features keys = kept.keys();
        if (keys != null) {
            buffers.lend(Use.KEY_FEATURES, keys.numbers());
        }
    }

    /** Prepares the largest of every product, to see whether the library has fast code for them. */
    void prepare() {
        programs.prepare(FavorShape.MOST_ROWS);
        copies.prepare(shape);
    }

    @Override
    public void close() {
        programs.close();
        copies.close();
        buffers.close();
        library.close();
    }
}
