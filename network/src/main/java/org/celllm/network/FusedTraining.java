package org.celllm.network;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.LayerPrograms.Kind;
import org.celllm.network.attention.FavorAttention;
import org.celllm.network.attention.FavorPass;
import org.celllm.network.attention.SequenceLayout;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/**
 * The layers of {@link EncoderLayer} with a gradient written by hand, on bfloat16 or 32-bit operands, without dropout. As
 * {@link FusedLayers}, and gradients of weights are added up in 32-bit floats where they are stored.
 *
 * <p>Keeps its memory from call to call. Not thread safe: one thread at a time.
 */
final class FusedTraining implements AutoCloseable {
    /** Rows of a block on the way there. */
    private static final int BLOCK = 256;

    /** Rows of a block on the way back, where each adds to the gradients of the weights. */
    private static final int BLOCK_BACK = 1024;

    private final NetworkConfig config;
    private final Format format;
    private final FavorAttention attention;
    private final LayerPrograms programs;
    private final Map<Use, Tensor> buffers = new EnumMap<>(Use.class);

    private enum Use {
        NORMED,
        HIDDEN,
        HIDDEN_GRADIENT,
        ARGUMENT_GRADIENT
    }

    FusedTraining(NetworkConfig config, Format format, FavorAttention attention) {
        this.config = config;
        this.format = format;
        this.attention = attention;
        this.programs = new LayerPrograms(config, format);
    }

    /**
     * What a layer gives and keeps.
     *
     * @param out [rows, dim] 32-bit floats
     */
    record Step(Tensor out, SavedLayer saved) {}

    /**
     * Runs a layer.
     *
     * @param x [rows, dim] 32-bit floats; kept, not changed
     */
    Step forward(Tensor x, FusedWeights weights, SequenceLayout layout) {
        int rows = layout.rows();
        int inner = config.inner();
        Tensor in = TensorArrays.empty(format.type(), rows, 3L * inner);
        Tensor statistics = TensorArrays.empty(ScalarType.Float, 4, rows);
        long normed = address(buffer(Use.NORMED, BLOCK_BACK, config.dim()));
        for (int row = 0; row < rows; row += BLOCK) {
            int count = Math.min(BLOCK, rows - row);
            programs.of(Kind.NORM_WITH_STATISTICS, count)
                    .run(
                            wide(x, row, config.dim()),
                            normed,
                            weights.firstNorm(),
                            weights.firstNormBias(),
                            wide(statistics, row, 1),
                            wide(statistics, rows + row, 1));
            if (config.qkvBias()) {
                programs.of(Kind.IN, count).run(normed, weights.in(), narrow(in, row, 3 * inner), weights.inBias());
            } else {
                programs.of(Kind.IN, count).run(normed, weights.in(), narrow(in, row, 3 * inner));
            }
        }
        FavorPass attended = attention.pass(third(in, 0), third(in, 1), third(in, 2), weights.directions(), layout);
        Tensor middle = x.clone();
        Tensor widened = TensorArrays.empty(format.type(), rows, config.hidden());
        Tensor out = TensorArrays.empty(ScalarType.Float, rows, config.dim());
        long hidden = address(buffer(Use.HIDDEN, BLOCK_BACK, config.hidden()));
        for (int row = 0; row < rows; row += BLOCK) {
            int count = Math.min(BLOCK, rows - row);
            long residual = wide(middle, row, config.dim());
            programs.of(Kind.OUT, count)
                    .run(narrow(attended.out(), row, inner), weights.out(), residual, weights.outBias());
            programs.of(Kind.NORM_WITH_STATISTICS, count)
                    .run(
                            residual,
                            normed,
                            weights.secondNorm(),
                            weights.secondNormBias(),
                            wide(statistics, 2 * rows + row, 1),
                            wide(statistics, 3 * rows + row, 1));
            long argument = narrow(widened, row, config.hidden());
            programs.of(Kind.WIDEN, count).run(normed, weights.widen(), argument, weights.widenBias());
            programs.of(Kind.GELU, count).run(argument, hidden);
            int from = row;
            Native.run(() -> out.narrow(0, from, count).copy_(middle.narrow(0, from, count)));
            programs.of(Kind.NARROW, count)
                    .run(hidden, weights.narrow(), wide(out, row, config.dim()), weights.narrowBias());
        }
        return new Step(out, new SavedLayer(x, in, attended, middle, widened, statistics));
    }

    /**
     * Goes back through a layer, and adds to the gradients of its weights.
     *
     * @param gradient [rows, dim] of the loss with respect to what the layer gave, 32-bit floats
     * @param gradients the gradient of a weight by its name within the layer; {@code null} where it is not trained
     * @return [rows, dim] of the loss with respect to what it read
     */
    Tensor backward(
            SavedLayer saved,
            FusedWeights weights,
            SequenceLayout layout,
            Tensor gradient,
            Function<String, @Nullable Tensor> gradients) {
        Tensor middle = feedForward(saved, weights, gradient, gradients);
        int rows = layout.rows();
        int inner = config.inner();
        String a = weights.attention();
        Tensor narrow = middle.to(format.type());
        addSum(gradients.apply(a + "fn.to_out.bias"), middle);
        Tensor attended = TensorArrays.empty(format.type(), rows, inner);
        Tensor outWeight = gradients.apply(a + "fn.to_out.weight");
        for (int row = 0; row < rows; row += blockBack(rows - row)) {
            int count = blockBack(rows - row);
            long flow = narrow(narrow, row, config.dim());
            programs.of(Kind.ATTENDED_GRADIENT, count).run(flow, weights.out(), narrow(attended, row, inner));
            if (outWeight != null) {
                programs.of(Kind.OUT_WEIGHT, count)
                        .run(flow, narrow(saved.attention().out(), row, inner), address(outWeight));
            }
        }
        Tensor in = attention.differentiate(
                saved.attention(),
                third(saved.in(), 0),
                third(saved.in(), 1),
                third(saved.in(), 2),
                weights.directions(),
                layout,
                attended);
        String[] names = {"fn.to_q", "fn.to_k", "fn.to_v"};
        Tensor normedGradient = TensorArrays.empty(ScalarType.Float, rows, config.dim());
        long normed = address(buffer(Use.NORMED, BLOCK_BACK, config.dim()));
        for (int row = 0; row < rows; row += blockBack(rows - row)) {
            int count = blockBack(rows - row);
            long flow = narrow(in, row, 3 * inner);
            programs.of(Kind.NORMED_GRADIENT, count).run(flow, weights.in(), wide(normedGradient, row, config.dim()));
            programs.of(Kind.NORM, count)
                    .run(wide(saved.x(), row, config.dim()), normed, weights.firstNorm(), weights.firstNormBias());
            for (int i = 0; i < names.length; i++) {
                Tensor weight = gradients.apply(a + names[i] + ".weight");
                if (weight != null) {
                    programs.of(Kind.IN_WEIGHT, count)
                            .run(flow + (long) format.bytes() * i * inner, normed, address(weight));
                }
            }
        }
        for (int i = 0; i < names.length && config.qkvBias(); i++) {
            addSum(gradients.apply(a + names[i] + ".bias"), third(in, i));
        }
        middle.add_(norm(
                a + "norm", normedGradient, saved.x(), saved.statistics(), 0, weights.firstNormScale(), gradients));
        return middle;
    }

    /** From the gradient of what the layer gave to that of the residual stream between its blocks. */
    private Tensor feedForward(
            SavedLayer saved, FusedWeights weights, Tensor gradient, Function<String, @Nullable Tensor> gradients) {
        int rows = (int) gradient.size(0);
        int width = config.hidden();
        String f = weights.feedForward();
        Tensor narrow = gradient.to(format.type());
        addSum(gradients.apply(f + "fn.fn.w2.bias"), gradient);
        Tensor normedGradient = TensorArrays.empty(ScalarType.Float, rows, config.dim());
        long normed = address(buffer(Use.NORMED, BLOCK_BACK, config.dim()));
        long hidden = address(buffer(Use.HIDDEN, BLOCK_BACK, width));
        long hiddenGradient = address(buffer(Use.HIDDEN_GRADIENT, BLOCK_BACK, width));
        Tensor argument = buffer(Use.ARGUMENT_GRADIENT, BLOCK_BACK, width);
        Tensor narrowWeight = gradients.apply(f + "fn.fn.w2.weight");
        Tensor widenWeight = gradients.apply(f + "fn.fn.w1.weight");
        Tensor widenBias = gradients.apply(f + "fn.fn.w1.bias");
        for (int row = 0; row < rows; row += blockBack(rows - row)) {
            int count = blockBack(rows - row);
            long flow = narrow(narrow, row, config.dim());
            long argumentPlace = narrow(saved.widened(), row, width);
            programs.of(Kind.HIDDEN_GRADIENT, count).run(flow, weights.narrow(), hiddenGradient);
            programs.of(Kind.GELU_GRADIENT, count).run(argumentPlace, hiddenGradient, address(argument));
            programs.of(Kind.WIDENED_GRADIENT, count)
                    .run(address(argument), weights.widen(), wide(normedGradient, row, config.dim()));
            if (narrowWeight != null) {
                programs.of(Kind.GELU, count).run(argumentPlace, hidden);
                programs.of(Kind.NARROW_WEIGHT, count).run(flow, hidden, address(narrowWeight));
            }
            if (widenWeight != null) {
                programs.of(Kind.NORM, count)
                        .run(
                                wide(saved.middle(), row, config.dim()),
                                normed,
                                weights.secondNorm(),
                                weights.secondNormBias());
                programs.of(Kind.WIDEN_WEIGHT, count).run(address(argument), normed, address(widenWeight));
            }
            Native.run(() -> addSum(widenBias, argument.narrow(0, 0, count)));
        }
        Tensor behind = norm(
                f + "norm",
                normedGradient,
                saved.middle(),
                saved.statistics(),
                2,
                weights.secondNormScale(),
                gradients);
        behind.add_(gradient);
        return behind;
    }

    /** The gradient of what a norm read. */
    private Tensor norm(
            String name,
            Tensor gradient,
            Tensor x,
            Tensor statistics,
            int place,
            Tensor scale,
            Function<String, @Nullable Tensor> gradients) {
        Tensor ownScale = gradients.apply(name + ".weight");
        Tensor ownShift = gradients.apply(name + ".bias");
        Tensor mean = statistics.narrow(0, place, 1).view(-1, 1);
        Tensor reciprocal = statistics
                .narrow(0, place + 1, 1)
                .add(new Scalar(EncoderLayer.EPSILON))
                .rsqrt_()
                .view(-1, 1);
        try (BoolPointer wanted = new BoolPointer(3)) {
            wanted.put(0, true).put(1, ownScale != null).put(2, ownShift != null);
            T_TensorTensorTensor_T all = torch.native_layer_norm_backward(
                    gradient,
                    x,
                    new long[] {config.dim()},
                    mean,
                    reciprocal,
                    new TensorOptional(scale),
                    new TensorOptional(scale),
                    wanted);
            if (ownScale != null) {
                ownScale.add_(all.get1());
            }
            if (ownShift != null) {
                ownShift.add_(all.get2());
            }
            // The triple owns its parts, and ends with the scope.
            return all.get0().detach();
        }
    }

    /** Rows of the next block on the way back: of few sizes, since each size is prepared for by itself. */
    private static int blockBack(int left) {
        return left >= BLOCK_BACK ? BLOCK_BACK : Math.min(BLOCK, left);
    }

    /** Adds the sum over the rows to a bias's gradient. */
    private static void addSum(@Nullable Tensor bias, Tensor rows) {
        if (bias != null) {
            bias.add_(rows.sum(new long[] {0}, false, new ScalarTypeOptional(ScalarType.Float)));
        }
    }

    private Tensor third(Tensor in, int number) {
        return in.narrow(1, (long) number * config.inner(), config.inner());
    }

    private Tensor buffer(Use use, int rows, int width) {
        return buffers.computeIfAbsent(
                use, key -> Native.keep(Native.scoped(() -> TensorArrays.zeros(format.type(), rows, width))));
    }

    private static long wide(Tensor tensor, int row, int width) {
        return address(tensor) + (long) Float.BYTES * row * width;
    }

    private long narrow(Tensor tensor, int row, int width) {
        return address(tensor) + (long) format.bytes() * row * width;
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
