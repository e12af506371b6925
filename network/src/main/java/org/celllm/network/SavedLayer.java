package org.celllm.network;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.attention.AttentionLayout;
import org.celllm.network.attention.FavorPass;
import org.jspecify.annotations.Nullable;

/**
 * What {@link FusedTraining} keeps of a layer from forward to backward. Norms' results are computed again;
 * features of the attention and hidden activations too, unless all is kept.
 *
 * @param layout which rows ask and which are asked
 * @param selected [queries] the row of each query; {@code null} where all ask, in order
 * @param projected what went into queries, keys and values: of all rows, or of the queries' and then of all rows
 * @param attention what the attention left behind
 * @param feedForward what the second block read
 */
record SavedLayer(
        AttentionLayout layout,
        @Nullable Tensor selected,
        List<Projected> projected,
        FavorPass attention,
        FusedFeedForward.Saved feedForward) {
    /**
     * Some of queries, keys and values, side by side.
     *
     * @param x [rows, dim] what the norm before them read, 32-bit floats
     * @param out [rows, thirds · heads · headDim]
     * @param statistics [2, rows] mean and variance of the rows of x
     */
    record Projected(Tensor x, Tensor out, Tensor statistics) {
        Stream<Tensor> held() {
            return Stream.of(x, out, statistics);
        }
    }

    /** All tensors. */
    List<Tensor> held() {
        return Stream.of(
                        Stream.ofNullable(selected),
                        projected.stream().flatMap(Projected::held),
                        attention.held().stream(),
                        feedForward.held())
                .flatMap(each -> each)
                .toList();
    }
}
