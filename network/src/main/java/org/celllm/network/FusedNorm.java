package org.celllm.network;

import java.util.function.Function;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.Address.Rows;
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
     * @param wide its rows, [dim] 32-bit floats
     * @return where they lie; good until the next call
     */
    long operands(Rows wide, int row, int count) {
        long place = wide.at(row);
        if (format == Format.FLOAT32) {
            return place;
        }
        long narrow = buffers.address(Use.FLOW);
        programs.of(Kind.OPERANDS, count).run(place, narrow);
        return narrow;
    }

    /**
     * The gradient of what a norm read, from that of what it gave, which lies in {@link Use#NORMED_GRADIENT}; and those of its scale and
     * shift, until the next call.
     *
     * @param x what it read, [dim]
     * @param statistics mean of all rows, then their variance
     * @param rows how many rows there are in all
     * @param scale address of its scale
     * @param out where it goes, [dim] 32-bit floats
     * @param row the first row
     * @param count how many
     */
    void backward(Rows x, Rows statistics, int rows, long scale, Rows out, int row, int count) {
        long found = buffers.address(Use.NORM_WEIGHTS);
        programs.of(Kind.NORM_GRADIENT, count)
                .run(
                        x.at(row),
                        statistics.at(row),
                        statistics.at(rows + row),
                        scale,
                        buffers.address(Use.NORMED_GRADIENT),
                        out.at(row),
                        found,
                        found + (long) Float.BYTES * config.dim());
    }

    /**
     * Adds what {@link #backward} found for scale and shift to their gradients.
     *
     * @param name of the norm
     */
    void addScaleAndShift(String name, Function<String, @Nullable Tensor> gradients) {
        Tensor found = buffers.of(Use.NORM_WEIGHTS);
        Native.run(() -> {
            add(gradients.apply(name + ".weight"), found.select(0, 0));
            add(gradients.apply(name + ".bias"), found.select(0, 1));
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
