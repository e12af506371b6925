package org.celllm.network;

import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.Address.Rows;
import org.celllm.network.FusedBuffers.Use;
import org.celllm.network.LayerPrograms.Kind;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/** The second block of a layer in {@link FusedTraining}: what follows the attention, and its gradient. */
final class FusedFeedForward {
    private final NetworkConfig config;
    private final Format format;
    private final LayerPrograms programs;
    private final FusedBuffers buffers;
    private final FusedNorm norms;

    FusedFeedForward(
            NetworkConfig config, Format format, LayerPrograms programs, FusedBuffers buffers, FusedNorm norms) {
        this.config = config;
        this.format = format;
        this.programs = programs;
        this.buffers = buffers;
        this.norms = norms;
    }

    /**
     * What the way back reads.
     *
     * @param middle [rows, dim] the residual stream between the blocks, 32-bit floats
     * @param widened [rows, hidden] what GELU reads
     * @param statistics [2, rows] mean and variance of the rows of middle
     * @param hidden [rows, hidden] what GELU gives; {@code null} where it is computed again
     */
    record Saved(
            Tensor middle,
            Tensor widened,
            Tensor statistics,
            @Nullable Tensor hidden) {
        Stream<Tensor> held() {
            return Stream.concat(Stream.of(middle, widened, statistics), Stream.ofNullable(hidden));
        }
    }

    /**
     * What the block gives and keeps.
     *
     * @param out [rows, dim] 32-bit floats
     */
    record Step(Tensor out, Saved saved) {}

    /** What comes before a block of rows is read. */
    @FunctionalInterface
    interface Before {
        void rows(int row, int count);
    }

    /**
     * Runs the block.
     *
     * @param middle [rows, dim] 32-bit floats; kept, not changed here
     * @param all whether what GELU gives is kept
     * @param before makes some rows of it ready
     */
    Step forward(Tensor middle, FusedWeights weights, boolean all, Before before) {
        int rows = (int) middle.size(0);
        int dim = config.dim();
        int width = config.hidden();
        Tensor widened = TensorArrays.empty(format.type(), rows, width);
        Tensor statistics = TensorArrays.empty(ScalarType.Float, 2, rows);
        Tensor out = TensorArrays.empty(ScalarType.Float, rows, dim);
        long normed = buffers.address(Use.NORMED);
        Tensor kept = all ? TensorArrays.empty(format.type(), rows, width) : null;
        Rows middleRows = Address.wide(middle, dim);
        Rows outRows = Address.wide(out, dim);
        Rows widenedRows = Address.rows(widened, format, width);
        Rows mean = Address.wide(statistics, 1);
        // Of one block where nothing is kept.
        Rows hiddenRows = kept == null ? new Rows(buffers.address(Use.HIDDEN), 0) : Address.rows(kept, format, width);
        long widen = weights.widen();
        long widenBias = weights.widenBias();
        long narrow = weights.narrow();
        long narrowBias = weights.narrowBias();
        long scale = weights.secondNorm();
        long shift = weights.secondNormBias();
        for (int row = 0; row < rows; row += FusedTraining.BLOCK) {
            int count = Math.min(FusedTraining.BLOCK, rows - row);
            before.rows(row, count);
            programs.of(Kind.NORM_WITH_STATISTICS, count)
                    .run(middleRows.at(row), normed, scale, shift, mean.at(row), mean.at(rows + row));
            long argument = widenedRows.at(row);
            programs.of(Kind.WIDEN, count).run(normed, widen, argument, widenBias);
            long hidden = hiddenRows.at(row);
            programs.of(Kind.GELU, count).run(argument, hidden);
            programs.of(Kind.NARROW_PLUS, count).run(hidden, narrow, outRows.at(row), narrowBias, middleRows.at(row));
        }
        return new Step(out, new Saved(middle, widened, statistics, kept));
    }

    /**
     * From the gradient of what the layer gave to that of the residual stream between its blocks.
     *
     * @param gradient [rows, dim] 32-bit floats
     * @param gradients as in {@link FusedTraining#backward}
     * @return [rows, dim] 32-bit floats
     */
    Tensor backward(Saved saved, FusedWeights weights, Tensor gradient, Function<String, @Nullable Tensor> gradients) {
        int rows = (int) gradient.size(0);
        int dim = config.dim();
        int width = config.hidden();
        String f = weights.feedForward();
        FusedNorm.addSum(gradients.apply(f + "fn.fn.w2.bias"), gradient);
        Tensor behind = TensorArrays.empty(ScalarType.Float, rows, dim);
        long normedGradient = buffers.address(Use.NORMED_GRADIENT);
        long normed = buffers.address(Use.NORMED);
        long hiddenGradient = buffers.address(Use.HIDDEN_GRADIENT);
        long argument = buffers.address(Use.ARGUMENT_GRADIENT);
        Tensor narrowWeight = gradients.apply(f + "fn.fn.w2.weight");
        Tensor widenWeight = gradients.apply(f + "fn.fn.w1.weight");
        Tensor widenBias = gradients.apply(f + "fn.fn.w1.bias");
        long narrowGradient = narrowWeight == null ? 0 : Address.of(narrowWeight);
        long widenGradient = widenWeight == null ? 0 : Address.of(widenWeight);
        long narrow = weights.narrow();
        long widen = weights.widen();
        long scale = weights.secondNorm();
        long shift = weights.secondNormBias();
        Rows flows = Address.wide(gradient, dim);
        Rows widenedRows = Address.rows(saved.widened(), format, width);
        Rows middle = Address.wide(saved.middle(), dim);
        Rows mean = Address.wide(saved.statistics(), 1);
        Rows into = Address.wide(behind, dim);
        Tensor kept = saved.hidden();
        Rows hiddenRows = kept == null ? null : Address.rows(kept, format, width);
        for (int row = 0; row < rows; row += FusedTraining.blockBack(rows - row)) {
            int count = FusedTraining.blockBack(rows - row);
            long flow = norms.operands(flows, row, count);
            long argumentPlace = widenedRows.at(row);
            programs.of(Kind.HIDDEN_GRADIENT, count).run(flow, narrow, hiddenGradient);
            programs.of(Kind.GELU_GRADIENT, count).run(argumentPlace, hiddenGradient, argument);
            programs.of(Kind.WIDENED_GRADIENT, count).run(argument, widen, normedGradient);
            norms.backward(middle, mean, rows, scale, into, row, count);
            norms.addScaleAndShift(f + "norm", gradients);
            if (narrowWeight != null) {
                long hidden = hiddenRows == null ? hidden(argumentPlace, count) : hiddenRows.at(row);
                programs.of(Kind.NARROW_WEIGHT, count).run(flow, hidden, narrowGradient);
            }
            if (widenWeight != null) {
                programs.of(Kind.NORM, count).run(middle.at(row), normed, scale, shift);
                programs.of(Kind.WIDEN_WEIGHT, count).run(argument, normed, widenGradient);
            }
            norms.addHiddenSum(widenBias, count);
        }
        behind.add_(gradient);
        return behind;
    }

    /** What GELU gives of some rows, again; good until the next call. */
    private long hidden(long argument, int count) {
        long hidden = buffers.address(Use.HIDDEN);
        programs.of(Kind.GELU, count).run(argument, hidden);
        return hidden;
    }
}
