package org.celllm.network;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.LayerPrograms.Kind;
import org.celllm.network.attention.FavorAttention;
import org.celllm.network.attention.SequenceLayout;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/**
 * The layers of {@link EncoderLayer} without a gradient, on bfloat16 or 32-bit operands, by oneDNN: biases, GELU and residuals are taken
 * in the pass that makes the product, a norm writes operands, and rows go through in blocks whose hidden activations stay
 * in the cache.
 *
 * <p>Keeps its memory from call to call. Not thread safe: one thread at a time.
 */
final class FusedLayers implements AutoCloseable {
    /** Rows of a block: products are no faster on more, and slower where the cache is left. */
    static final int BLOCK = 256;

    private final NetworkConfig config;
    private final Format format;
    private final FavorAttention attention;
    private final LayerPrograms programs;
    private final Map<Use, Tensor> buffers = new EnumMap<>(Use.class);

    private enum Use {
        NORMED,
        IN,
        ATTENDED,
        HIDDEN
    }

    FusedLayers(NetworkConfig config, Format format, FavorAttention attention) {
        this.config = config;
        this.format = format;
        this.attention = attention;
        this.programs = new LayerPrograms(config, format);
    }

    /**
     * Runs a layer.
     *
     * @param x [rows, dim] 32-bit floats, changed in place
     */
    void forward(Tensor x, FusedWeights weights, SequenceLayout layout) {
        int inner = config.inner();
        Tensor in = buffer(Use.IN, layout.rows(), 3 * inner);
        Tensor attended = buffer(Use.ATTENDED, layout.rows(), inner);
        attended.narrow(0, layout.positions(), layout.filler()).zero_();
        int[] there = {0};
        int[] done = {0};
        attention.attend(
                in.narrow(1, 0, inner),
                in.narrow(1, inner, inner),
                in.narrow(1, 2L * inner, inner),
                weights.directions(),
                layout,
                attended,
                needed -> there[0] = project(x, there[0], Math.min(needed, layout.rows()), weights, 3, in),
                attendedRows -> done[0] = rest(x, done[0], attendedRows / BLOCK * BLOCK, attended, weights));
        project(x, there[0], layout.rows(), weights, 3, in);
        rest(x, done[0], layout.rows(), attended, weights);
    }

    /** What follows the attention: see {@code EncoderLayer}. Returns the row reached. */
    private int rest(Tensor x, int from, int to, Tensor attended, FusedWeights weights) {
        long hidden = address(buffer(Use.HIDDEN, BLOCK, config.hidden()));
        long normed = address(buffer(Use.NORMED, BLOCK, config.dim()));
        for (int row = from; row < to; row += BLOCK) {
            int count = Math.min(BLOCK, to - row);
            long place = address(x) + (long) Float.BYTES * row * config.dim();
            programs.of(Kind.OUT, count)
                    .run(
                            address(attended) + (long) format.bytes() * row * config.inner(),
                            weights.out(),
                            place,
                            weights.outBias());
            programs.of(Kind.NORM, count).run(place, normed, weights.secondNorm(), weights.secondNormBias());
            if (format == Format.FLOAT32) {
                programs.of(Kind.WIDEN, count).run(normed, weights.widen(), hidden, weights.widenBias());
                Native.run(() -> torch.gelu_(buffer(Use.HIDDEN, count, config.hidden())));
            } else {
                programs.of(Kind.WIDEN_AND_GELU, count).run(normed, weights.widen(), hidden, weights.widenBias());
            }
            programs.of(Kind.NARROW, count).run(hidden, weights.narrow(), place, weights.narrowBias());
        }
        return Math.max(from, to);
    }

    /**
     * What the CLS rows attend to in a layer: keys and values of all rows.
     *
     * @param x [rows, dim] 32-bit floats
     * @return [rows, 2 · heads · headDim], keys before values; good until the next call
     */
    Tensor keysAndValues(Tensor x, FusedWeights weights, SequenceLayout layout) {
        Tensor in = buffer(Use.IN, layout.rows(), 2 * config.inner());
        project(x, 0, layout.rows(), weights, 2, in);
        return in;
    }

    /**
     * Norm and products before the attention, in whole blocks as far as there are. Returns the row reached.
     *
     * @param thirds how many of queries, keys and values, the last of them
     */
    private int project(Tensor x, int there, int needed, FusedWeights weights, int thirds, Tensor into) {
        int from = (3 - thirds) * config.inner();
        int rows = Math.toIntExact(into.size(0));
        long normed = address(buffer(Use.NORMED, BLOCK, config.dim()));
        long width = into.size(1);
        int row = there;
        for (; row < needed; row += BLOCK) {
            int count = Math.min(BLOCK, rows - row);
            programs.of(Kind.NORM, count)
                    .run(
                            address(x) + (long) Float.BYTES * row * config.dim(),
                            normed,
                            weights.firstNorm(),
                            weights.firstNormBias());
            long place = address(into) + (long) format.bytes() * row * width;
            long weight = weights.in() + (long) format.bytes() * from * config.dim();
            if (config.qkvBias()) {
                programs.of(Kind.IN, count, thirds)
                        .run(normed, weight, place, weights.inBias() + (long) Float.BYTES * from);
            } else {
                programs.of(Kind.IN, count, thirds).run(normed, weight, place);
            }
        }
        return row;
    }

    /** [rows, width] of memory that is kept; made larger when it must be. */
    private Tensor buffer(Use use, int rows, int width) {
        Tensor had = buffers.get(use);
        long size = (long) rows * width;
        if (had == null || had.numel() < size) {
            if (had != null) {
                had.close();
            }
            Supplier<Tensor> make = () -> TensorArrays.zeros(format.type(), size);
            had = Native.keep(Native.scoped(make));
            buffers.put(use, had);
        }
        return had.narrow(0, 0, size).view(rows, width);
    }

    private static long address(Tensor tensor) {
        return tensor.data_ptr().address();
    }

    @Override
    public void close() {
        programs.close();
        buffers.values().forEach(Tensor::close);
    }
}
