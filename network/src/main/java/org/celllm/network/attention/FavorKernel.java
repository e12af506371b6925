package org.celllm.network.attention;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.attention.Scratch.Matrix;
import org.celllm.network.runtime.TensorArrays;

/**
 * The attention of {@link FavorFormula} for cells without padding, and its gradient, written by hand: in place, in
 * pieces of one cell and a few heads that fit the cache, and with nothing kept from forward to backward but the
 * normalisers. The features are computed again for the gradient, which costs two of nine products and saves most of the
 * memory.
 *
 * <p>Notation. Per head, with E the features before the floor ε is added, φ = E + ε, and V' = [V, 1]:
 *
 * <pre>
 * S' = φ_kᵀ V' = E_kᵀ V' + ε Σ_rows V'          [features, headDim + 1]
 * N' = φ_q S'  = E_q S'  + ε Σ_features S'      [rows, headDim + 1]; its last column is the normaliser
 * out = N'[:, :d] / N'[:, d]
 * </pre>
 *
 * <p>so that ε never costs a pass over the features, and the derivative of both maps is a product with E itself. Two
 * terms come from the maxima: what flows into a query's exponents is taken off at its highest feature, and what flows
 * into all the exponents of a cell's keys is taken off at the one highest of them. Not thread safe; makes no graph.
 *
 * <p>Where the operands are bfloat16, s·Px, its maxima and the exponentials stay in the format of the directions; the
 * products with E, and what flows back through them, are of bfloat16 operands.
 */
final class FavorKernel {
    private final HeadBlocks blocks;
    private final long headDim;
    private final ScalarType product;
    private final ScalarType wide;
    private final boolean mixed;
    private final Tensor directions;
    private final Tensor alongDirections;
    private final Scratch scratch;
    private final Scalar floor = new Scalar(FavorFormula.FLOOR);
    private final Scalar halfScale;

    /**
     * A kernel for one pass over a layout; it and all it makes lie in the caller's scope.
     *
     * @param product number format of the operands
     * @param directions [features, headDim] in the format of the exponentials
     */
    static FavorKernel of(ScalarType product, Tensor directions, int heads, SequenceLayout layout) {
        return new FavorKernel(
                product, directions, heads, layout, HeadBlocks.PIECE, product.intern() == ScalarType.BFloat16);
    }

    /**
     * @param pieceFeatures how many features to compute at once
     * @param round whether cells are brought to one of few lengths, for the sake of the products
     */
    FavorKernel(
            ScalarType product,
            Tensor directions,
            int heads,
            SequenceLayout layout,
            long pieceFeatures,
            boolean round) {
        // The native side hands out enums that are equal to the constants but not the same.
        this.product = product.intern();
        this.wide = directions.scalar_type().intern();
        this.mixed = product != wide;
        this.headDim = directions.size(1);
        double scale = Math.pow((double) headDim, -0.25);
        Tensor scaled = directions.mul(new Scalar(scale));
        this.alongDirections = scaled.t();
        this.directions = scaled.to(product);
        this.halfScale = new Scalar(0.5 * scale * scale);
        this.blocks = HeadBlocks.of(layout, heads, directions.size(0), pieceFeatures, round);
        this.scratch = new Scratch(blocks, directions.size(0), wide, product);
    }

    /**
     * What the forward pass leaves behind.
     *
     * @param out [rows, heads · headDim]
     * @param normaliser [rows · heads, 1] in block order
     * @param highest [cells] the highest s·Px of each cell's keys
     */
    record Forward(Tensor out, Tensor normaliser, Tensor highest) {}

    /** Gradients of the three operands, each [rows, heads · headDim]. */
    record Gradients(Tensor query, Tensor key, Tensor value) {}

    /** Queries or keys in block order and in the format of the exponentials, with s²‖x‖²/2. */
    private final class Operand {
        final Tensor rows;
        final TensorVector pieces;
        final TensorVector halves;

        Operand(Tensor x) {
            rows = blocks.gather(x, headDim).to(wide);
            pieces = blocks.split(rows);
            halves = blocks.split(rows.square()
                    .sum(new long[] {1}, true, new ScalarTypeOptional())
                    .mul_(halfScale));
        }

        /** s · Px of a piece, [rows of the piece, features], in scratch. */
        Tensor along(int piece) {
            return torch.mm_out(scratch.of(piece).along().flat(), pieces.get(piece), alongDirections);
        }
    }

    /**
     * Attends.
     *
     * @param query [rows, heads · headDim]
     * @param key as query
     * @param value as query
     */
    Forward forward(Tensor query, Tensor key, Tensor value) {
        Operand q = new Operand(query);
        Operand k = new Operand(key);
        TensorVector values = blocks.split(withOnes(value));
        Tensor joint = TensorArrays.empty(product, blocks.rows(), headDim + 1);
        TensorVector joints = blocks.split(joint);
        Tensor highest = TensorArrays.empty(wide, blocks.cells());
        TensorVector sums = TensorArrays.empty(product, blocks.headsOfAllCells(), directions.size(0), headDim + 1)
                .split_with_sizes(blocks.pieceHeads(), 0);
        for (int cell = 0; cell < blocks.cells(); cell++) {
            try (PointerScope scope = new PointerScope()) {
                Tensor cellMost = keySums(k, values, cell, sums);
                highest.select(0, cell).copy_(cellMost);
                for (int piece = blocks.firstPiece(cell); piece < blocks.firstPiece(cell + 1); piece++) {
                    Tensor sum = sums.get(piece);
                    Tensor along = q.along(piece);
                    Matrix queries = scratch.of(piece).queries();
                    exponentials(along, along.amax(new long[] {1}, true), q, piece, queries);
                    Tensor out = byHead(joints, piece);
                    torch.bmm_out(out, queries.byHead(), sum);
                    addFloor(out, sum);
                }
            }
        }
        Tensor normaliser = joint.narrow(1, headDim, 1).contiguous();
        Tensor out = joint.narrow(1, 0, headDim).div(normaliser);
        return new Forward(blocks.scatter(out), normaliser, highest);
    }

    /**
     * Attends from CLS alone.
     *
     * @param query [cells, heads · headDim] of the CLS rows
     * @param key [rows, heads · headDim]
     * @param value as key
     * @return [cells, heads · headDim]
     */
    Tensor forwardCls(Tensor query, Tensor key, Tensor value) {
        return attendTo(sums(key, value), query);
    }

    /** S' of every cell and head, [cells · heads, features, headDim + 1]. */
    Tensor sums(Tensor key, Tensor value) {
        Operand k = new Operand(key);
        TensorVector values = blocks.split(withOnes(value));
        Tensor all = TensorArrays.empty(product, blocks.headsOfAllCells(), directions.size(0), headDim + 1);
        TensorVector sums = all.split_with_sizes(blocks.pieceHeads(), 0);
        for (int cell = 0; cell < blocks.cells(); cell++) {
            try (PointerScope scope = new PointerScope()) {
                keySums(k, values, cell, sums);
            }
        }
        return all;
    }

    /**
     * Attends to keys and values that were summed up.
     *
     * @param all [cells · heads, features, headDim + 1] S' of every cell and head; more may stand behind the features
     * @param query [cells, heads · headDim]
     * @return [cells, heads · headDim]
     */
    Tensor attendTo(Tensor all, Tensor query) {
        Tensor sums = all.narrow(1, 0, directions.size(0));
        Tensor rows = query.view(query.numel() / headDim, headDim).to(wide);
        Tensor along = rows.mm(alongDirections);
        Tensor below = along.amax(new long[] {1}, true).add(halfSquares(rows));
        Tensor features = along.sub_(below).exp_().to(product).unsqueeze(1);
        Tensor joint = addFloor(torch.bmm(features, sums), sums).squeeze(1);
        return joint.narrow(1, 0, headDim).div(joint.narrow(1, headDim, 1)).view(query.size(0), query.size(1));
    }

    /**
     * S' of a cell's pieces.
     *
     * @param sums [pieces] of [heads of the piece, features, headDim + 1], filled
     * @return the highest s·Px of the cell's keys
     */
    private Tensor keySums(Operand keys, TensorVector values, int cell, TensorVector sums) {
        int from = blocks.firstPiece(cell);
        int to = blocks.firstPiece(cell + 1);
        Tensor[] most = new Tensor[to - from];
        for (int piece = from; piece < to; piece++) {
            Tensor along = keys.along(piece);
            most[piece - from] = along.amax();
            Matrix features = scratch.of(piece).keys();
            exponentials(along, most[piece - from], keys, piece, features);
            torch.bmm_out(sums.get(piece), features.transposed(), byHead(values, piece));
        }
        Tensor cellMost = highest(most);
        for (int piece = from; piece < to; piece++) {
            if (most.length > 1) {
                // Each piece was exponentiated below its own maximum.
                sums.get(piece).mul_(most[piece - from].sub(cellMost).exp_());
            }
            addFloor(sums.get(piece), byHead(values, piece));
        }
        return cellMost;
    }

    /**
     * The gradient.
     *
     * @param forward what {@link #forward} left behind
     * @param gradient [rows, heads · headDim] of the loss with respect to its out
     */
    Gradients backward(Tensor query, Tensor key, Tensor value, Forward forward, Tensor gradient) {
        Operand q = new Operand(query);
        Operand k = new Operand(key);
        TensorVector values = blocks.split(withOnes(value));
        TensorVector flowsIn = blocks.split(jointGradient(forward, gradient));
        TensorVector most = forward.highest().split_with_sizes(blocks.ones(), 0);
        Tensor queryGradient = TensorArrays.empty(product, blocks.rows(), headDim);
        Tensor keyGradient = TensorArrays.empty(product, blocks.rows(), headDim);
        Tensor valueGradient = TensorArrays.empty(product, blocks.rows(), headDim + 1);
        Tensor querySums = TensorArrays.empty(product, blocks.rows(), 1);
        Tensor keySums = TensorArrays.empty(product, blocks.rows(), 1);
        Tensor keyHighest = TensorArrays.empty(wide, blocks.rows(), 1);
        TensorVector queryOut = blocks.split(queryGradient);
        TensorVector keyOut = blocks.split(keyGradient);
        TensorVector valueOut = blocks.split(valueGradient);
        TensorVector querySumsOut = blocks.split(querySums);
        TensorVector keySumsOut = blocks.split(keySums);
        TensorVector keyHighestOut = blocks.split(keyHighest);
        for (int piece = 0; piece < blocks.pieces(); piece++) {
            int number = piece;
            try (PointerScope scope = new PointerScope()) {
                Scratch.Views room = scratch.of(number);
                Tensor v = byHead(values, number);
                Tensor g = byHead(flowsIn, number);
                Tensor along = k.along(number);
                torch.amax_out(keyHighestOut.get(number), along, new long[] {1}, true);
                Matrix keys = room.keys();
                exponentials(along, most.get(blocks.cellOf(number)), k, number, keys);
                Tensor sums = addFloor(torch.bmm(keys.transposed(), v), v);

                along = q.along(number);
                Matrix queries = room.queries();
                exponentials(along, along.amax(new long[] {1}, true), q, number, queries);
                Tensor sumsGradient = addFloor(torch.bmm(queries.transposed(), g), g);
                Tensor flow = flow(g, sums, queries, number);
                Tensor rowSums = rowSums(querySumsOut, flow, number);
                // What flows into a query's exponents is taken off where its highest one is.
                Tensor exact = mixed ? along : queries.flat();
                Tensor mask = torch.eq_out(along, exact, exact.amax(new long[] {1}, true));
                flow.addcmul_(mixed ? queries.flat().copy_(mask) : mask, rowSums.neg());
                torch.mm_out(queryOut.get(number), flow, directions);

                Tensor toValues = byHead(valueOut, number);
                torch.bmm_out(toValues, keys.byHead(), sumsGradient);
                addFloor(toValues, sumsGradient);
                flow = flow(v, sumsGradient, keys, number);
                rowSums(keySumsOut, flow, number);
                torch.mm_out(keyOut.get(number), flow, directions);
            }
        }
        Scalar scale = new Scalar(-2 * halfScale.toDouble());
        queryGradient.addcmul_(q.rows.to(product), querySums, scale);
        keyGradient.addcmul_(k.rows.to(product), keySums, scale);
        takeOffHighest(k.rows, keyGradient, keySums, keyHighest);
        return new Gradients(
                blocks.scatter(queryGradient),
                blocks.scatter(keyGradient),
                blocks.scatter(valueGradient.narrow(1, 0, headDim).contiguous()));
    }

    /** What flows into all exponents of a cell's keys is taken off at the one highest. */
    private void takeOffHighest(Tensor keys, Tensor keyGradient, Tensor keySums, Tensor keyHighest) {
        TensorVector cellKeys = blocks.splitByCell(keys);
        TensorVector gradients = blocks.splitByCell(keyGradient);
        TensorVector sums = blocks.splitByCell(keySums);
        TensorVector highest = blocks.splitByCell(keyHighest);
        for (int cell = 0; cell < blocks.cells(); cell++) {
            int number = cell;
            try (PointerScope scope = new PointerScope()) {
                Tensor row = highest.get(number).argmax(new LongOptional(0), false);
                Tensor along = cellKeys.get(number).index_select(0, row).mm(alongDirections);
                Tensor direction = directions.index_select(0, along.argmax(new LongOptional(1), false));
                Tensor all = sums.get(number).sum(new ScalarTypeOptional(wide)).neg();
                gradients.get(number).index_add_(0, row, direction.mul(all.to(product)));
            }
        }
    }

    /** s²‖x‖²/2 of each row. */
    private Tensor halfSquares(Tensor rows) {
        return rows.square().sum(new long[] {1}, true, new ScalarTypeOptional()).mul_(halfScale);
    }

    /** [rows · heads, headDim + 1] gradient of N', in block order. */
    private Tensor jointGradient(Forward forward, Tensor gradient) {
        Tensor numerator = blocks.gatherOnce(gradient, headDim).div_(forward.normaliser());
        Tensor quotient = numerator
                .mul(blocks.gather(forward.out(), headDim))
                .sum(new long[] {1}, true, new ScalarTypeOptional())
                .neg_();
        return torch.cat(new TensorVector(numerator, quotient), 1);
    }

    /** E of a piece into a matrix in the format of the products; also into along, where that is another. */
    private void exponentials(Tensor along, Tensor most, Operand operand, int piece, Matrix into) {
        Tensor below = operand.halves.get(piece).add(most);
        if (mixed) {
            into.flat().copy_(along.sub_(below).exp_());
        } else {
            torch.sub_out(into.flat(), along, below).exp_();
        }
    }

    /** Gradient of a piece's exponents: (left · rightᵀ) ∘ E, as [rows of the piece, features]. */
    private Tensor flow(Tensor left, Tensor right, Matrix exponentials, int piece) {
        Matrix flow = scratch.of(piece).flow();
        torch.bmm_out(flow.byHead(), left, right.transpose(1, 2));
        return flow.flat().mul_(exponentials.flat());
    }

    private static Tensor rowSums(TensorVector all, Tensor flow, int piece) {
        return torch.sum_out(all.get(piece), flow, new long[] {1}, true, new ScalarTypeOptional());
    }

    /** Adds to product, [heads, _, headDim + 1], what the floor ε contributes: ε times the column sums of right. */
    private Tensor addFloor(Tensor product, Tensor right) {
        return product.add_(right.sum(new long[] {1}, true, new ScalarTypeOptional()), floor);
    }

    private static Tensor highest(Tensor[] each) {
        Tensor most = each[0];
        for (int i = 1; i < each.length; i++) {
            most = torch.maximum(most, each[i]);
        }
        return most;
    }

    private Tensor withOnes(Tensor value) {
        Tensor ones = TensorArrays.ones(product, blocks.rows(), 1);
        return blocks.once(torch.cat(new TensorVector(blocks.gather(value, headDim), ones), 1));
    }

    /** A piece of [rows · heads, headDim + 1] as [heads of the piece, rows, headDim + 1]. */
    private Tensor byHead(TensorVector pieces, int piece) {
        return pieces.get(piece).view(blocks.headsOf(piece), blocks.lengthOf(piece), headDim + 1);
    }
}
