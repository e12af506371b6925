package org.celllm.network;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.attention.FavorPass;

/**
 * What {@link FusedTraining} keeps of a layer from forward to backward. Norms' results and hidden activations are computed
 * again.
 *
 * @param x [rows, dim] what the layer read, 32-bit floats
 * @param in [rows, 3 · heads · headDim] queries, keys and values
 * @param attention what the attention left behind
 * @param middle [rows, dim] the residual stream between the blocks, 32-bit floats
 * @param widened [rows, hidden] what GELU reads
 * @param statistics [4, rows] mean and variance of the rows of x, then of middle
 */
record SavedLayer(Tensor x, Tensor in, FavorPass attention, Tensor middle, Tensor widened, Tensor statistics) {
    /** All tensors. */
    List<Tensor> held() {
        return Stream.concat(Stream.of(x, in, middle, widened, statistics), attention.held().stream())
                .toList();
    }
}
