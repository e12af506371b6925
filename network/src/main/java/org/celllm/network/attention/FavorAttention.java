package org.celllm.network.attention;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.onednn.OneDnn;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Pool;
import org.jspecify.annotations.Nullable;

/**
 * FAVOR+ attention within cells: positive orthogonal random features in place of the softmax, so that the cost grows
 * with the length of a cell and not with its square. Chooses between {@link FusedFavor}, the fastest, for operands
 * of the format that it is made for; {@link FavorKernel}, for others; and {@link FavorFormula}, which also knows padding.
 *
 * <p>Thread safe: what a thread computes with is its own while it does, and kept for the next.
 */
public final class FavorAttention implements AutoCloseable {
    private final int heads;
    private final FavorShape shape;
    private final Pool<FusedFavor> fused;
    private final boolean isFast;

    /**
     * Attention of one size; takes no memory before it is used.
     *
     * @param heads attention heads
     * @param headDim width of a head
     * @param features random features a head
     * @param format of the operands
     * @param isFast whether they go to {@link FusedFavor}: see {@link #isFast}
     */
    public FavorAttention(int heads, int headDim, int features, Format format, boolean isFast) {
        this.heads = heads;
        this.isFast = isFast;
        this.shape = new FavorShape(heads, headDim, features, format);
        this.fused = new Pool<>(() -> new FusedFavor(shape));
    }

    /** Whether the library is there and has fast code for operands of this size and format. */
    public static boolean isFast(int heads, int headDim, int features, Format format) {
        FavorShape shape = new FavorShape(heads, headDim, features, format);
        return OneDnn.isFast(() -> new FusedFavor(shape), FusedFavor::prepare);
    }

    /**
     * Attends within every cell.
     *
     * @param query [rows, heads · headDim] in the number format of the large products
     * @param key [rows, heads · headDim]
     * @param value [rows, heads · headDim]
     * @param directions [features, headDim]
     * @param layout which rows are whose
     * @param tape of a forward pass that wants a gradient; without one, autograd records the formula itself, or nothing
     *     where it is off
     * @return [rows, heads · headDim]
     */
    public Tensor attend(
            Tensor query,
            Tensor key,
            Tensor value,
            Tensor directions,
            SequenceLayout layout,
            @Nullable GradientTape tape) {
        boolean graph = GradMode.is_enabled() && query.requires_grad();
        if (layout.hasPadding() || (graph && tape == null)) {
            ScalarType wide = directions.scalar_type();
            return Native.scoped(
                    () -> FavorFormula.attend(query.to(wide), key.to(wide), value.to(wide), directions, heads, layout)
                            .to(query.scalar_type()));
        }
        return Native.scoped(() -> {
            Tensor q = query.detach();
            Tensor k = key.detach();
            Tensor v = value.detach();
            Attended attended = forward(q, k, v, directions, layout);
            if (!graph || tape == null) {
                return attended.out();
            }
            Tensor out = GradientTape.leaf(attended.out());
            tape.record(
                    () -> GradientTape.continueFrom(
                            List.of(query, key, value), attended.back().apply(out.grad())),
                    attended.held(query, key, value, q, k, v, out));
            return out;
        });
    }

    /**
     * Attends within every cell, group of cells by group, while the rows are still being made and others already used;
     * for operands of the fast format without padding, without a gradient. Where several rows are one after the other in the cache, they
     * need not go through memory.
     *
     * @param query [rows, heads · headDim] as it will be; numbers of a row side by side. At least 15 rows behind the last
     *     cell's are there to be read, and count nowhere
     * @param key likewise
     * @param value likewise
     * @param out [rows, heads · headDim] to write
     * @param before is told how many rows have to be there, before they are read
     * @param after is told how many rows of out are done
     */
    public void attend(
            Tensor query,
            Tensor key,
            Tensor value,
            Tensor directions,
            SequenceLayout layout,
            Tensor out,
            IntConsumer before,
            IntConsumer after) {
        if (!takesFused(query) || layout.hasPadding()) {
            throw new IllegalArgumentException(
                    "only rows of the fast format, without padding, may come while attention runs");
        }
        AttentionLayout within = AttentionLayout.within(layout);
        Native.runWithoutGradient(() -> fused.with(favor -> favor.forward(
                new FavorOperands(shape, query, key, value, directions, within), within, out, before, after)));
    }

    /**
     * Attends within every cell, and keeps what {@link #differentiate} reads; for operands of the fast format without padding.
     *
     * @param query [queries, heads · headDim]; numbers of a row side by side
     * @param key [keys, heads · headDim], likewise
     * @param value as key
     * @param features whether features are kept too: the way back takes less time, what is kept of a layer half as much memory again
     */
    public FavorPass pass(
            Tensor query, Tensor key, Tensor value, Tensor directions, AttentionLayout layout, boolean features) {
        return fused.with(favor ->
                favor.forward(new FavorOperands(shape, query, key, value, directions, layout), layout, features));
    }

    /** Bytes that the features of a position take where they are kept. */
    public long featureBytes() {
        return shape.heads() * (2L * shape.format().bytes() * shape.padded() + Float.BYTES);
    }

    /**
     * The way back of {@link #pass}.
     *
     * @param gradient [queries, heads · headDim] of the loss with respect to its out, in the format of the operands
     */
    public AttentionGradients differentiate(
            FavorPass pass,
            Tensor query,
            Tensor key,
            Tensor value,
            Tensor directions,
            AttentionLayout layout,
            Tensor gradient) {
        return fused.with(favor -> favor.backward(
                new FavorOperands(shape, query, key, value, directions, layout), layout, pass, gradient));
    }

    /**
     * Attends from the CLS row of every cell to all its rows, without padding and without a gradient.
     *
     * @param query [cells, heads · headDim] of the CLS rows
     * @param key [rows, heads · headDim]
     * @param value [rows, heads · headDim]
     * @return [cells, heads · headDim]
     */
    public Tensor attendFromCls(Tensor query, Tensor key, Tensor value, Tensor directions, SequenceLayout layout) {
        return Native.withoutGradient(() -> {
            FavorKernel kernel = FavorKernel.of(query.scalar_type(), directions, heads, layout);
            if (takesFused(query)) {
                AttentionLayout within = AttentionLayout.within(layout);
                return kernel.attendTo(
                        fused.with(favor ->
                                favor.sums(new FavorOperands(shape, key, key, value, directions, within), within)),
                        query);
            }
            return kernel.forwardCls(query, key, value);
        });
    }

    /**
     * What was attended, and the way back.
     *
     * @param out [rows, heads · headDim]
     * @param kept what the way back reads beside the operands
     * @param back from the gradient of out to those of query, key and value
     */
    private record Attended(Tensor out, List<Tensor> kept, Function<Tensor, List<Tensor>> back) {
        List<Tensor> held(Tensor... operands) {
            return Stream.concat(Stream.of(operands), kept.stream()).toList();
        }
    }

    private Attended forward(Tensor q, Tensor k, Tensor v, Tensor directions, SequenceLayout layout) {
        if (takesFused(q)) {
            AttentionLayout within = AttentionLayout.within(layout);
            FavorPass forward = pass(q, k, v, directions, within, false);
            return new Attended(forward.out(), forward.held(), gradient -> {
                AttentionGradients gradients = differentiate(forward, q, k, v, directions, within, gradient);
                return List.of(gradients.query(), gradients.key(), gradients.value());
            });
        }
        FavorKernel.Forward forward =
                FavorKernel.of(q.scalar_type(), directions, heads, layout).forward(q, k, v);
        return new Attended(
                forward.out(), List.of(forward.out(), forward.normaliser(), forward.highest()), gradient -> {
                    FavorKernel.Gradients gradients = FavorKernel.of(q.scalar_type(), directions, heads, layout)
                            .backward(q, k, v, forward, gradient);
                    return List.of(gradients.query(), gradients.key(), gradients.value());
                });
    }

    private boolean takesFused(Tensor operand) {
        return isFast && operand.scalar_type().intern() == shape.format().type();
    }

    /** Frees the memory kept. No other thread may be attending. */
    @Override
    public void close() {
        fused.close();
    }
}
