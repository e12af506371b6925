package org.celllm.network.attention;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.runtime.TensorArrays;

/**
 * Room for the features of one piece, used again for every piece, so that it stays in the cache. Making a view costs as
 * much as a small operation, so all views are made once a size.
 */
final class Scratch {
    private final HeadBlocks blocks;
    private final long features;
    private final Tensor[] buffers;
    private final Map<Long, Views> views = new HashMap<>();

    /** One matrix of features: [rows, features], [heads, rows a head, features] and [heads, features, rows a head]. */
    record Matrix(Tensor flat, Tensor byHead, Tensor transposed) {}

    /**
     * Room for one piece.
     *
     * @param along the exponents, in their own format
     * @param queries E of the queries, in the format of the products
     * @param keys E of the keys, likewise
     * @param flow the gradient of either's exponents, likewise
     */
    record Views(Matrix along, Matrix queries, Matrix keys, Matrix flow) {}

    /**
     * Lies in the caller's scope.
     *
     * @param wide format of the exponents
     * @param product format of the operands of products
     */
    Scratch(HeadBlocks blocks, long features, ScalarType wide, ScalarType product) {
        this.blocks = blocks;
        this.features = features;
        long largest = 1;
        for (int piece = 0; piece < blocks.pieces(); piece++) {
            largest = Math.max(largest, (long) blocks.lengthOf(piece) * blocks.headsOf(piece));
        }
        long size = largest * features;
        this.buffers = new Tensor[] {
            TensorArrays.empty(wide, size),
            TensorArrays.empty(product, size),
            TensorArrays.empty(product, size),
            TensorArrays.empty(product, size)
        };
        for (int piece = 0; piece < blocks.pieces(); piece++) {
            int heads = blocks.headsOf(piece);
            int length = blocks.lengthOf(piece);
            views.computeIfAbsent(key(piece), key -> views(heads, length));
        }
    }

    /** Room for a piece. */
    Views of(int piece) {
        Views found = views.get(key(piece));
        if (found == null) {
            throw new IllegalArgumentException("no piece " + piece);
        }
        return found;
    }

    private long key(int piece) {
        return (long) blocks.headsOf(piece) << 32 | blocks.lengthOf(piece);
    }

    private Views views(int heads, int length) {
        Matrix[] matrices = new Matrix[buffers.length];
        for (int i = 0; i < matrices.length; i++) {
            Tensor byHead =
                    buffers[i].narrow(0, 0, (long) heads * length * features).view(heads, length, features);
            matrices[i] = new Matrix(byHead.view((long) heads * length, features), byHead, byHead.transpose(1, 2));
        }
        return new Views(matrices[0], matrices[1], matrices[2], matrices[3]);
    }
}
