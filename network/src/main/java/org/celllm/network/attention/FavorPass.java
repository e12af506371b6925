package org.celllm.network.attention;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a forward pass of {@link FusedFavor} leaves for the way back.
 *
 * @param out [queries, heads · headDim]
 * @param normaliser [queries, heads] 32-bit floats
 * @param queryHalves [queries, heads] s²‖q‖²/2, 32-bit floats
 * @param keyHalves [keys, heads] likewise of the keys
 * @param highest what the keys of each cell came to
 * @param sums [cells, heads, joint values, features padded] S' as operands; {@code null} where the way back makes them again
 */
public record FavorPass(
        Tensor out,
        Tensor normaliser,
        Tensor queryHalves,
        Tensor keyHalves,
        KeyMaxima highest,
        @Nullable Tensor sums) {
    /** All tensors. */
    public List<Tensor> held() {
        return Stream.concat(Stream.of(out, normaliser, queryHalves, keyHalves), Stream.ofNullable(sums))
                .toList();
    }
}
