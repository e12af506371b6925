package org.celllm.network.attention;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * What a forward pass of {@link FusedFavor} leaves for the way back.
 *
 * @param out [queries, heads · headDim]
 * @param normaliser [queries, heads] 32-bit floats
 * @param queryHalves [queries, heads] s²‖q‖²/2, 32-bit floats
 * @param keyHalves [keys, heads] likewise of the keys
 * @param highest what the keys of each cell came to
 * @param kept what the way back need not compute again
 */
public record FavorPass(
        Tensor out, Tensor normaliser, Tensor queryHalves, Tensor keyHalves, KeyMaxima highest, FavorKept kept) {
    /** All tensors. */
    public List<Tensor> held() {
        return Stream.concat(Stream.of(out, normaliser, queryHalves, keyHalves), kept.held())
                .toList();
    }
}
