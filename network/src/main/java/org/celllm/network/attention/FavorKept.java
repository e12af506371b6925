package org.celllm.network.attention;

import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/**
 * What a forward pass of {@link FusedFavor} keeps so that the way back need not compute it again: memory for time. The gradient has the same
 * bits with it and without.
 *
 * @param sums [cells, heads, joint values, features padded] S' as operands
 * @param queries their features
 * @param keys their features
 */
record FavorKept(
        @Nullable Tensor sums,
        @Nullable Features queries,
        @Nullable Features keys) {
    /** Nothing. */
    static final FavorKept NOTHING = new FavorKept(null, null, null);

    /**
     * Features of some rows.
     *
     * @param numbers [heads / together, rows, together, features padded] with the floor behind the features
     * @param highest [heads / together, rows, together] the highest of each; {@code null} where nobody asks
     * @param rows of all cells, and some behind that count nowhere
     */
    record Features(Tensor numbers, @Nullable Tensor highest, int rows) {
        private static Features room(FavorShape shape, int positions, boolean highest) {
            int rows = FavorShape.inSteps(positions + FavorShape.STEP);
            int passes = shape.heads() / shape.together();
            return new Features(
                    TensorArrays.empty(shape.format().type(), passes, rows, shape.together(), shape.padded()),
                    highest ? TensorArrays.empty(ScalarType.Float, passes, rows, shape.together()) : null,
                    rows);
        }

        /** Number of a row, counted through the heads that are computed together. */
        int row(FavorShape shape, int head, int row) {
            return head / shape.together() * rows + row;
        }

        private Stream<Tensor> held() {
            return Stream.concat(Stream.of(numbers), Stream.ofNullable(highest));
        }
    }

    /**
     * Room for a pass.
     *
     * @param features whether features are kept: about half as much again as all else that a layer keeps
     */
    static FavorKept room(FavorShape shape, AttentionLayout layout, boolean features) {
        int queries = layout.queries().positions();
        int keys = layout.keys().positions();
        return new FavorKept(
                sums(shape, layout.cells(), keys),
                features ? Features.room(shape, queries, true) : null,
                features ? Features.room(shape, keys, false) : null);
    }

    /** Sums are kept where they are little beside queries, keys and values. */
    private static @Nullable Tensor sums(FavorShape shape, int cells, int keys) {
        long numbers = (long) shape.joint() * shape.padded() * shape.heads() * cells;
        return numbers <= 3L * keys * shape.inner() / 4
                ? TensorArrays.empty(shape.format().type(), cells, shape.heads(), shape.joint(), shape.padded())
                : null;
    }

    /** All tensors. */
    Stream<Tensor> held() {
        return Stream.of(
                        Stream.ofNullable(sums),
                        Stream.ofNullable(queries).flatMap(Features::held),
                        Stream.ofNullable(keys).flatMap(Features::held))
                .flatMap(each -> each);
    }
}
