package org.celllm.network;

import java.util.function.Function;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.FusedBuffers.Use;
import org.celllm.network.LayerPrograms.Kind;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.Native;
import org.jspecify.annotations.Nullable;

/** Gradients of norms, of biases and of the residual stream in {@link FusedTraining}, a block of rows at a time. */
final class FusedNorm {
    private final NetworkConfig config;
    private final Format format;
    private final LayerPrograms programs;
    private final FusedBuffers buffers;

    FusedNorm(NetworkConfig config, Format format, LayerPrograms programs, FusedBuffers buffers) {
        this.config = config;
        this.format = format;
        this.programs = programs;
        this.buffers = buffers;
    }

    /**
     * Some rows of the residual stream, or of its gradient, as operands.
     *
     * @param wide [rows, dim] 32-bit floats
     * @return where they lie; good until the next call
     */
    long operands(Tensor wide, int row, int count) {
        long place = Address.wide(wide, row, config.dim());
        if (format == Format.FLOAT32) {
            return place;
        }
        long narrow = buffers.address(Use.FLOW);
        programs.of(Kind.OPERANDS, count).run(place, narrow);
        return narrow;
    }

    /**
     * The gradient of what a norm read, from that of what it gave, which lies in {@link Use#NORMED_GRADIENT}; adds to those of its scale
     * and shift.
     *
     * @param name of the norm
     * @param x [rows, dim] what it read
     * @param statistics [2, rows] mean and variance of the rows
     * @param scale address of its scale
     * @param out [rows, dim] 32-bit floats to write
     * @param row the first row
     * @param count how many
     * @param gradients as in {@link FusedTraining#backward}
     */
    void backward(
            String name,
            Tensor x,
            Tensor statistics,
            long scale,
            Tensor out,
            int row,
            int count,
            Function<String, @Nullable Tensor> gradients) {
        int rows = (int) x.size(0);
        Tensor weights = buffers.of(Use.NORM_WEIGHTS);
        programs.of(Kind.NORM_GRADIENT, count)
                .run(
                        Address.wide(x, row, config.dim()),
                        Address.wide(statistics, row, 1),
                        Address.wide(statistics, rows + row, 1),
                        scale,
                        buffers.address(Use.NORMED_GRADIENT),
                        Address.wide(out, row, config.dim()),
                        Address.wide(weights, 0, config.dim()),
                        Address.wide(weights, 1, config.dim()));
        Native.run(() -> {
            add(gradients.apply(name + ".weight"), weights.select(0, 0));
            add(gradients.apply(name + ".bias"), weights.select(0, 1));
        });
    }

    /**
     * Adds the sum over the rows of {@link Use#ARGUMENT_GRADIENT} to a bias's gradient.
     *
     * @param count how many rows
     */
    void addHiddenSum(@Nullable Tensor bias, int count) {
        if (bias == null) {
            return;
        }
        if (format == Format.FLOAT32) {
            Native.run(() -> addSum(bias, buffers.of(Use.ARGUMENT_GRADIENT).narrow(0, 0, count)));
            return;
        }
        // libtorch would turn all of it into 32-bit floats first.
        programs.of(Kind.HIDDEN_SUMS, count)
                .run(buffers.address(Use.ONES), buffers.address(Use.ARGUMENT_GRADIENT), Address.of(bias));
    }

    /** Adds the sum over the rows to a bias's gradient. */
    static void addSum(@Nullable Tensor bias, Tensor rows) {
        if (bias != null) {
            bias.add_(rows.sum(new long[] {0}, false, new ScalarTypeOptional(ScalarType.Float)));
        }
    }

    private static void add(@Nullable Tensor gradient, Tensor found) {
        if (gradient != null) {
            gradient.add_(found);
        }
    }
}
