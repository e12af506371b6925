package org.celllm.network.attention;

import org.bytedeco.pytorch.Tensor;

/**
 * Gradients of the operands of attention, side by side as the products that made them want them.
 *
 * @param all those of query, key and value in one, [rows, 3 · heads · headDim]; where queries are other rows than keys, those of
 *     key and value, [rows, 2 · heads · headDim]
 * @param query [rows, heads · headDim]
 * @param key [rows, heads · headDim]
 * @param value [rows, heads · headDim]
 */
public record AttentionGradients(Tensor all, Tensor query, Tensor key, Tensor value) {
    static AttentionGradients together(Tensor all) {
        long inner = all.size(1) / 3;
        return new AttentionGradients(
                all, all.narrow(1, 0, inner), all.narrow(1, inner, inner), all.narrow(1, 2 * inner, inner));
    }

    static AttentionGradients apart(Tensor query, Tensor keysAndValues) {
        long inner = query.size(1);
        return new AttentionGradients(
                keysAndValues, query, keysAndValues.narrow(1, 0, inner), keysAndValues.narrow(1, inner, inner));
    }
}
