package org.celllm.network.attention;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.TensorArrays;

/**
 * The attention of {@link FavorFormula} for cells without padding, and its gradient, written by hand: in place, in
 * pieces of one cell that fit the cache, and with nothing kept from forward to backward but the normalisers. The
 * features are computed again for the gradient, which costs two of nine products and saves most of the memory.
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
 */
final class FavorKernel {
    private final SequenceLayout layout;
    private final int heads;
    private final long headDim;
    private final long features;
    private final Tensor directions;
    private final Tensor scratchQueries;
    private final Tensor scratchKeys;
    private final Scalar floor = new Scalar(FavorFormula.FLOOR);
    private final Scalar halfScale;

    /**
     * Runs in the caller's scope, which must outlive it.
     *
     * @param like a tensor of the number format to compute in
     * @param directions [features, headDim]
     */
    static FavorKernel of(Tensor like, Tensor directions, int heads, SequenceLayout layout) {
        return new FavorKernel(like, directions, heads, layout);
    }

    private FavorKernel(Tensor like, Tensor directions, int heads, SequenceLayout layout) {
        this.layout = layout;
        this.heads = heads;
        this.features = directions.size(0);
        this.headDim = directions.size(1);
        double scale = Math.pow((double) headDim, -0.25);
        this.directions = directions.mul(new Scalar(scale));
        this.halfScale = new Scalar(0.5 * scale * scale);
        int longest = 1;
        for (int cell = 0; cell < layout.cells(); cell++) {
            longest = Math.max(longest, layout.length(cell));
        }
        this.scratchQueries = TensorArrays.empty(like.scalar_type(), (long) longest * heads, features);
        this.scratchKeys = TensorArrays.empty(like.scalar_type(), (long) longest * heads, features);
    }

    /** What the forward pass leaves behind. */
    record Forward(Tensor out, Tensor normaliser) {}

    /** Gradients of the three operands, each [rows, heads · headDim]. */
    record Gradients(Tensor query, Tensor key, Tensor value) {}

    /**
     * Attends.
     *
     * @param query [rows, heads · headDim]
     * @param key as query
     * @param value as query
     * @return [rows, heads · headDim] and the normalisers [rows, heads, 1]
     */
    Forward forward(Tensor query, Tensor key, Tensor value) {
        long rows = layout.positions();
        Tensor q = query.view(rows * heads, headDim);
        Tensor k = key.view(rows * heads, headDim);
        Tensor queryHalf = halfSquares(q);
        Tensor keyHalf = halfSquares(k);
        Tensor valueOne = withOnes(value);
        Tensor joint = TensorArrays.empty(query.scalar_type(), rows, heads, headDim + 1);
        for (int cell = 0; cell < layout.cells(); cell++) {
            try (PointerScope scope = new PointerScope()) {
                Tensor queries = features(scratchQueries, q, queryHalf, cell, true);
                Tensor keys = features(scratchKeys, k, keyHalf, cell, false);
                Tensor sums = sums(keys, byHead(valueOne, cell));
                Tensor out = byHead(joint, cell);
                torch.bmm_out(out, queries, sums);
                out.add_(sums.sum(new long[] {1}, true, new ScalarTypeOptional()), floor);
            }
        }
        Tensor normaliser = joint.narrow(2, headDim, 1);
        Tensor out = joint.narrow(2, 0, headDim).div(normaliser).view(rows, heads * headDim);
        return new Forward(out, normaliser.contiguous());
    }

    /**
     * The gradient.
     *
     * @param out [rows, heads · headDim] and
     * @param normaliser [rows, heads, 1] of {@link #forward}
     * @param gradient [rows, heads · headDim] of the loss with respect to out
     */
    Gradients backward(Tensor query, Tensor key, Tensor value, Tensor out, Tensor normaliser, Tensor gradient) {
        long rows = layout.positions();
        Tensor q = query.view(rows * heads, headDim);
        Tensor k = key.view(rows * heads, headDim);
        Tensor queryHalf = halfSquares(q);
        Tensor keyHalf = halfSquares(k);
        Tensor valueOne = withOnes(value);
        Tensor jointGradient = jointGradient(out, normaliser, gradient);
        Tensor queryGradient = torch.empty_like(q);
        Tensor keyGradient = torch.empty_like(k);
        Tensor valueGradient = torch.empty_like(valueOne);
        Tensor querySums = torch.empty_like(queryHalf);
        Tensor keySums = torch.empty_like(keyHalf);
        Tensor scratch = torch.empty_like(scratchKeys);
        for (int cell = 0; cell < layout.cells(); cell++) {
            try (PointerScope scope = new PointerScope()) {
                Tensor queries = features(scratchQueries, q, queryHalf, cell, true);
                Tensor alongKeys = along(scratchKeys, k, cell).view(-1);
                Tensor highestKey = alongKeys.argmax(new LongOptional(0), true);
                Tensor keys = exponentials(
                        start(scratchKeys, cell),
                        alongKeys.index_select(0, highestKey).add(part(keyHalf, cell)));
                Tensor v = byHead(valueOne, cell);
                Tensor g = byHead(jointGradient, cell);
                Tensor sums = sums(keys, v);
                Tensor sumsGradient = torch.bmm(queries.transpose(1, 2), g);
                sumsGradient.add_(g.sum(new long[] {1}, true, new ScalarTypeOptional()), floor);

                Tensor valueOut = byHead(valueGradient, cell);
                torch.bmm_out(valueOut, keys, sumsGradient);
                valueOut.add_(sumsGradient.sum(new long[] {1}, true, new ScalarTypeOptional()), floor);

                Tensor flow = flow(scratch, g, sums, scratchQueries, cell);
                Tensor rowSums = part(querySums, cell);
                torch.sum_out(rowSums, flow, new long[] {1}, true, new ScalarTypeOptional());
                // A query's highest feature is the one whose exponent lacks nothing but the half square.
                Tensor highest = start(scratchQueries, cell).argmax(new LongOptional(1), true);
                flow.scatter_add_(1, highest, rowSums.neg());
                torch.mm_out(part(queryGradient, cell), flow, directions);

                flow = flow(scratch, v, sumsGradient, scratchKeys, cell);
                rowSums = part(keySums, cell);
                torch.sum_out(rowSums, flow, new long[] {1}, true, new ScalarTypeOptional());
                flow.view(-1).scatter_add_(0, highestKey, rowSums.sum().neg().view(1));
                torch.mm_out(part(keyGradient, cell), flow, directions);
            }
        }
        Scalar scale = new Scalar(-2 * halfScale.toDouble());
        queryGradient.addcmul_(q, querySums, scale);
        keyGradient.addcmul_(k, keySums, scale);
        return new Gradients(
                queryGradient.view(rows, heads * headDim),
                keyGradient.view(rows, heads * headDim),
                valueGradient.narrow(2, 0, headDim).reshape(rows, heads * headDim));
    }

    /** [rows, heads, headDim + 1] gradient of N'. */
    private Tensor jointGradient(Tensor out, Tensor normaliser, Tensor gradient) {
        long rows = layout.positions();
        Tensor numerator = gradient.view(rows, heads, headDim).div(normaliser);
        Tensor quotient = numerator
                .mul(out.view(rows, heads, headDim))
                .sum(new long[] {2}, true, new ScalarTypeOptional())
                .neg();
        return torch.cat(new TensorVector(numerator, quotient), 2);
    }

    /** Gradient of a cell's exponents: (left · rightᵀ) ∘ E, as [rows · heads, features]. */
    private Tensor flow(Tensor scratch, Tensor left, Tensor right, Tensor exponentials, int cell) {
        Tensor flow = start(scratch, cell);
        torch.bmm_out(byHead(flow), left, right.transpose(1, 2));
        return flow.mul_(start(exponentials, cell));
    }

    /** S' of a cell: [heads, features, headDim + 1]. */
    private Tensor sums(Tensor keys, Tensor valueOne) {
        Tensor sums = torch.bmm(keys.transpose(1, 2), valueOne);
        return sums.add_(valueOne.sum(new long[] {1}, true, new ScalarTypeOptional()), floor);
    }

    /** s · Px of a cell: [rows · heads, features]. */
    private Tensor along(Tensor scratch, Tensor x, int cell) {
        return torch.mm_out(start(scratch, cell), part(x, cell), directions.t());
    }

    /** E of a cell, [heads, rows, features], as a view of scratch. */
    private Tensor features(Tensor scratch, Tensor x, Tensor half, int cell, boolean ofQueries) {
        Tensor along = along(scratch, x, cell);
        Tensor highest = ofQueries ? along.amax(new long[] {1}, true) : along.amax();
        return exponentials(along, highest.add(part(half, cell)));
    }

    private Tensor exponentials(Tensor along, Tensor below) {
        return byHead(along.sub_(below).exp_());
    }

    private Tensor halfSquares(Tensor x) {
        return x.square().sum(new long[] {1}, true, new ScalarTypeOptional()).mul_(halfScale);
    }

    private Tensor withOnes(Tensor value) {
        long rows = layout.positions();
        Tensor ones = TensorArrays.ones(value.scalar_type(), rows, heads, 1);
        return torch.cat(new TensorVector(value.view(rows, heads, headDim), ones), 2);
    }

    /** A cell's part of [rows · heads, width]. */
    private Tensor part(Tensor all, int cell) {
        return all.narrow(0, (long) layout.starts()[cell] * heads, (long) layout.length(cell) * heads);
    }

    /** As much of a scratch [longest · heads, features] as a cell needs. */
    private Tensor start(Tensor scratch, int cell) {
        return scratch.narrow(0, 0, (long) layout.length(cell) * heads);
    }

    /** A cell's part of [rows, heads, width] as [heads, cell's rows, width]. */
    private Tensor byHead(Tensor all, int cell) {
        return all.narrow(0, layout.starts()[cell], layout.length(cell)).transpose(0, 1);
    }

    /** [rows · heads, features] as [heads, rows, features]. */
    private Tensor byHead(Tensor flat) {
        return flat.view(flat.size(0) / heads, heads, features).transpose(0, 1);
    }
}
