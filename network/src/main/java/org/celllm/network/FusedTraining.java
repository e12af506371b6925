package org.celllm.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.Address.Rows;
import org.celllm.network.FusedBuffers.Use;
import org.celllm.network.LayerPrograms.Kind;
import org.celllm.network.SavedLayer.Projected;
import org.celllm.network.attention.AttentionGradients;
import org.celllm.network.attention.AttentionLayout;
import org.celllm.network.attention.FavorAttention;
import org.celllm.network.attention.FavorPass;
import org.celllm.network.attention.SequenceLayout;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/**
 * The layers of {@link EncoderLayer} with a gradient written by hand, on bfloat16 or 32-bit operands, without dropout. As
 * {@link FusedLayers}, and gradients of weights are added up in 32-bit floats where they are stored.
 *
 * <p>A layer can give some of its rows only: those ask, all are asked, and the second block runs over those alone.
 *
 * <p>Keeps its memory from call to call. Not thread safe: one thread at a time.
 */
final class FusedTraining implements AutoCloseable {
    /** Rows of a block on the way there. */
    static final int BLOCK = 256;

    /** Rows of a block on the way back, where each adds to the gradients of the weights. */
    static final int BLOCK_BACK = 1024;

    private static final String[] NAMES = {"fn.to_q", "fn.to_k", "fn.to_v"};

    private final NetworkConfig config;
    private final Format format;
    private final FavorAttention attention;
    private final LayerPrograms programs;
    private final FusedBuffers buffers;
    private final FusedNorm norms;
    private final FusedFeedForward feedForward;

    FusedTraining(NetworkConfig config, Format format, FavorAttention attention) {
        this.config = config;
        this.format = format;
        this.attention = attention;
        this.programs = new LayerPrograms(config, format);
        this.buffers = new FusedBuffers(config, format);
        this.norms = new FusedNorm(config, format, programs, buffers);
        this.feedForward = new FusedFeedForward(config, format, programs, buffers, norms);
    }

    /**
     * What a layer gives and keeps.
     *
     * @param out [rows, dim] 32-bit floats; the rows of the selection where there is one
     */
    record Step(Tensor out, SavedLayer saved) {}

    /**
     * Runs a layer.
     *
     * @param x [rows, dim] 32-bit floats; kept, not changed
     * @param read the rows that are wanted; {@code null} for all
     * @param all whether it keeps what could be computed again in little time
     */
    Step forward(Tensor x, FusedWeights weights, SequenceLayout layout, @Nullable RowSelection read, boolean all) {
        AttentionLayout rows;
        Tensor selected;
        Tensor residual;
        List<Projected> projected;
        if (read == null) {
            rows = AttentionLayout.within(layout);
            selected = null;
            residual = x;
            projected = List.of(project(x, weights, 0, 3));
        } else {
            rows = new AttentionLayout(read.layout(), layout);
            int[] places = read.rowsWithFiller();
            selected = TensorArrays.of(places, places.length).to(ScalarType.Long);
            residual = torch.index_select(x, 0, selected);
            projected = List.of(project(residual, weights, 0, 1), project(x, weights, 1, 2));
        }
        List<Tensor> operands = operands(projected);
        FavorPass attended =
                attention.pass(operands.get(0), operands.get(1), operands.get(2), weights.directions(), rows, all);
        Tensor middle = TensorArrays.empty(ScalarType.Float, residual.size(0), config.dim());
        Rows attendedRows = narrow(attended.out(), config.inner());
        Rows middleRows = Address.wide(middle, config.dim());
        Rows residualRows = Address.wide(residual, config.dim());
        FusedFeedForward.Step step = feedForward.forward(
                middle,
                weights,
                all,
                (row, count) -> programs.of(Kind.OUT_PLUS, count)
                        .run(
                                attendedRows.at(row),
                                weights.out(),
                                middleRows.at(row),
                                weights.outBias(),
                                residualRows.at(row)));
        return new Step(step.out(), new SavedLayer(rows, selected, projected, attended, step.saved()));
    }

    /** Norm and products before the attention: {@code thirds} of queries, keys and values, from number {@code first} on. */
    private Projected project(Tensor x, FusedWeights weights, int first, int thirds) {
        int rows = (int) x.size(0);
        int width = thirds * config.inner();
        Tensor out = TensorArrays.empty(format.type(), rows, width);
        Tensor statistics = TensorArrays.empty(ScalarType.Float, 2, rows);
        long normed = buffers.address(Use.NORMED);
        long weight = weight(weights, first);
        Rows from = Address.wide(x, config.dim());
        Rows into = narrow(out, width);
        Rows mean = Address.wide(statistics, 1);
        for (int row = 0; row < rows; row += BLOCK) {
            int count = Math.min(BLOCK, rows - row);
            programs.of(Kind.NORM_WITH_STATISTICS, count)
                    .run(
                            from.at(row),
                            normed,
                            weights.firstNorm(),
                            weights.firstNormBias(),
                            mean.at(row),
                            mean.at(rows + row));
            if (config.qkvBias()) {
                long bias = weights.inBias() + (long) Float.BYTES * first * config.inner();
                programs.of(Kind.IN, count, thirds).run(normed, weight, into.at(row), bias);
            } else {
                programs.of(Kind.IN, count, thirds).run(normed, weight, into.at(row));
            }
        }
        return new Projected(x, out, statistics);
    }

    /** Query, key and value. */
    private List<Tensor> operands(List<Projected> projected) {
        List<Tensor> operands = new ArrayList<>();
        for (Projected each : projected) {
            for (int i = 0; i < each.out().size(1) / config.inner(); i++) {
                operands.add(third(each.out(), i));
            }
        }
        return operands;
    }

    /**
     * Goes back through a layer, and adds to the gradients of its weights.
     *
     * @param gradient [rows, dim] of the loss with respect to what the layer gave, 32-bit floats
     * @param gradients the gradient of a weight by its name within the layer; {@code null} where it is not trained
     * @return [rows, dim] of the loss with respect to what it read
     */
    Tensor backward(
            SavedLayer saved, FusedWeights weights, Tensor gradient, Function<String, @Nullable Tensor> gradients) {
        Tensor middle = feedForward.backward(saved.feedForward(), weights, gradient.contiguous(), gradients);
        Tensor attended = attendedGradient(saved, weights, middle, gradients);
        List<Tensor> operands = operands(saved.projected());
        AttentionGradients found = attention.differentiate(
                saved.attention(),
                operands.get(0),
                operands.get(1),
                operands.get(2),
                weights.directions(),
                saved.layout(),
                attended);
        List<Projected> projected = saved.projected();
        Tensor selected = saved.selected();
        if (selected == null) {
            middle.add_(projectedGradient(projected.get(0), weights, 0, found.all(), gradients));
            return middle;
        }
        Tensor all = projectedGradient(projected.get(1), weights, 1, found.all(), gradients);
        middle.add_(projectedGradient(projected.get(0), weights, 0, found.query(), gradients));
        all.index_add_(0, selected, middle);
        return all;
    }

    /** From the residual stream between the blocks to what the attention gave. */
    private Tensor attendedGradient(
            SavedLayer saved, FusedWeights weights, Tensor middle, Function<String, @Nullable Tensor> gradients) {
        int rows = (int) middle.size(0);
        int inner = config.inner();
        String a = weights.attention();
        FusedNorm.addSum(gradients.apply(a + "fn.to_out.bias"), middle);
        Tensor attended = TensorArrays.empty(format.type(), rows, inner);
        Tensor outWeight = gradients.apply(a + "fn.to_out.weight");
        long outGradient = outWeight == null ? 0 : Address.of(outWeight);
        long out = weights.out();
        Rows from = Address.wide(middle, config.dim());
        Rows into = narrow(attended, inner);
        Rows given = narrow(saved.attention().out(), inner);
        for (int row = 0; row < rows; row += blockBack(rows - row)) {
            int count = blockBack(rows - row);
            long flow = norms.operands(from, row, count);
            programs.of(Kind.ATTENDED_GRADIENT, count).run(flow, out, into.at(row));
            if (outWeight != null) {
                programs.of(Kind.OUT_WEIGHT, count).run(flow, given.at(row), outGradient);
            }
        }
        return attended;
    }

    /**
     * From queries, keys and values, or some of them, to what the norm before them read.
     *
     * @param first number of the first of them
     * @param flow [rows, thirds · heads · headDim] their gradients
     */
    private Tensor projectedGradient(
            Projected projected,
            FusedWeights weights,
            int first,
            Tensor flow,
            Function<String, @Nullable Tensor> gradients) {
        Tensor x = projected.x();
        int rows = (int) x.size(0);
        int inner = config.inner();
        int width = (int) flow.size(1);
        int thirds = width / inner;
        String a = weights.attention();
        Tensor out = TensorArrays.empty(ScalarType.Float, rows, config.dim());
        long normedGradient = buffers.address(Use.NORMED_GRADIENT);
        Tensor weightGradient = TensorArrays.zeros(ScalarType.Float, width, config.dim());
        boolean trained =
                IntStream.range(first, first + thirds).anyMatch(i -> gradients.apply(a + NAMES[i] + ".weight") != null);
        long normed = buffers.address(Use.NORMED);
        long weight = weight(weights, first);
        long weightAddress = Address.of(weightGradient);
        long scale = weights.firstNorm();
        long shift = weights.firstNormBias();
        Rows flows = narrow(flow, width);
        Rows read = Address.wide(x, config.dim());
        Rows mean = Address.wide(projected.statistics(), 1);
        Rows into = Address.wide(out, config.dim());
        for (int row = 0; row < rows; row += blockBack(rows - row)) {
            int count = blockBack(rows - row);
            long place = flows.at(row);
            programs.of(Kind.NORMED_GRADIENT, count, thirds).run(place, weight, normedGradient);
            norms.backward(read, mean, rows, scale, into, row, count);
            norms.addScaleAndShift(a + "norm", gradients);
            programs.of(Kind.NORM, count).run(read.at(row), normed, scale, shift);
            if (trained) {
                programs.of(Kind.IN_WEIGHT, count, thirds).run(place, normed, weightAddress);
            }
        }
        for (int i = 0; i < thirds; i++) {
            Tensor gradient = gradients.apply(a + NAMES[first + i] + ".weight");
            if (gradient != null) {
                gradient.add_(weightGradient.narrow(0, (long) i * inner, inner));
            }
        }
        for (int i = 0; i < thirds && config.qkvBias(); i++) {
            FusedNorm.addSum(gradients.apply(a + NAMES[first + i] + ".bias"), third(flow, i));
        }
        return out;
    }

    /** Rows of the next block on the way back: of few sizes, since each size is prepared for by itself. */
    static int blockBack(int left) {
        return left >= BLOCK_BACK ? BLOCK_BACK : Math.min(BLOCK, left);
    }

    /** Where the weight of queries (0), keys (1) or values (2) begins; the others follow it. */
    private long weight(FusedWeights weights, int number) {
        return weights.in() + (long) format.bytes() * number * config.inner() * config.dim();
    }

    private Tensor third(Tensor in, int number) {
        return in.narrow(1, (long) number * config.inner(), config.inner());
    }

    private Rows narrow(Tensor tensor, int width) {
        return Address.rows(tensor, format, width);
    }

    @Override
    public void close() {
        programs.close();
        buffers.close();
    }
}
