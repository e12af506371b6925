package org.celllm.training.objective;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The contrastive objective: two views of a cell shall lie near to each other and far from all other cells of the
 * batch.
 *
 * <p><b>Computes.</b> For unit vectors a₁ … a_B (first views) and b₁ … b_B (second views), s_ij = a_i·b_j / τ,
 * <pre>loss = −1/(2B) Σ_i [ log softmax_j(s_ij)|_{j=i} + log softmax_j(s_ji)|_{j=i} ],</pre>
 * InfoNCE (van den Oord et al., arXiv 1807.03748) in both directions, the contrastive loss of CellLM
 * (arXiv 2306.04371, contrastive learning section), whose published temperature is 0.05.
 *
 * <p><b>Inputs.</b> Two tensors [B, D] of unit rows, in the same order.
 *
 * <p><b>When.</b> Whenever embeddings shall spread over the whole space instead of a narrow cone. It only teaches
 * what the views share: see {@link org.celllm.training.views.ViewSettings}.
 *
 * <p><b>Siblings.</b> {@link MaskedExpression} and {@link NormalVersusCancer} are sums over cells and need no batch;
 * this one couples every pair, which is why the step divides around it.
 *
 * <p><b>Cost.</b> 10·B²·D floating point operations (the products are made once for the normalisers and once for the
 * gradient). Works in tiles of rows, so memory is O(tile·B + B·D): B × B numbers never stand in memory.
 */
public final class InfoNce {
    /** Numbers in one tile of similarities: 4 MiB in float32, a few of which live at once. */
    private static final long TILE = 1L << 20;

    private final double temperature;

    /**
     * @param temperature τ, greater than 0
     */
    public InfoNce(double temperature) {
        if (!(temperature > 0)) {
            throw new IllegalArgumentException("temperature must be greater than 0, not " + temperature);
        }
        this.temperature = temperature;
    }

    /**
     * The loss and its gradient.
     *
     * @param loss mean over cells and directions
     * @param first [B, D] derivative of the loss with respect to the first views; the caller closes it
     * @param second [B, D] derivative with respect to the second views; the caller closes it
     * @param retrieved share of the first views whose most similar second view is their own
     */
    public record Result(double loss, Tensor first, Tensor second, double retrieved) implements AutoCloseable {
        @Override
        public void close() {
            first.close();
            second.close();
        }
    }

    /**
     * Computes the loss and its gradient in tiles of rows, without autograd.
     *
     * @param first [B, D] unit rows, no graph
     * @param second [B, D] unit rows, no graph
     */
    public Result lossAndGradient(Tensor first, Tensor second) {
        return lossAndGradient(first, second, (int) Math.max(1, Math.min(first.size(0), TILE / first.size(0))));
    }

    /**
     * As {@link #lossAndGradient(Tensor, Tensor)} with a stated tile.
     *
     * @param tile rows a tile, at least 1
     */
    public Result lossAndGradient(Tensor first, Tensor second, int tile) {
        int batch = Math.toIntExact(first.size(0));
        // Made outside the scope below, so that they outlive it.
        Tensor firstGradient = torch.empty_like(first);
        Tensor secondGradient = torch.zeros_like(second);
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGraph = new NoGradGuard()) {
            ScalarTypeOptional wide = new ScalarTypeOptional(torch.ScalarType.Double);
            Tensor columns = second.t();
            Tensor rowNormaliser = torch.zeros(new long[] {batch}, first.options());
            // Online log-sum-exp by column: the running maximum and the sum of exponentials below it.
            Tensor columnMax = torch.full(new long[] {batch}, new Scalar(Double.NEGATIVE_INFINITY), first.options());
            Tensor columnSum = torch.zeros(new long[] {batch}, first.options());
            double diagonal = 0;
            long retrieved = 0;
            for (int from = 0; from < batch; from += tile) {
                int rows = Math.min(tile, batch - from);
                try (PointerScope inner = new PointerScope()) {
                    Tensor scores = scores(first, columns, from, rows);
                    Tensor own = scores.diagonal(from, 0, 1);
                    diagonal += own.sum(wide).item_double();
                    retrieved +=
                            own.ge(scores.amax(new long[] {1}, false)).sum().item_long();
                    rowNormaliser.narrow(0, from, rows).copy_(torch.logsumexp(scores, new long[] {1}, false));
                    Tensor newMax = torch.maximum(columnMax, scores.amax(new long[] {0}, false));
                    columnSum.mul_(columnMax.sub(newMax).exp_());
                    columnSum.add_(scores.sub_(newMax).exp_().sum(0L));
                    columnMax.copy_(newMax);
                }
            }
            Tensor columnNormaliser = columnSum.log_().add_(columnMax);
            double normalisers = rowNormaliser.sum(wide).item_double()
                    + columnNormaliser.sum(wide).item_double();
            double loss = (normalisers - 2 * diagonal) / (2.0 * batch);

            for (int from = 0; from < batch; from += tile) {
                int rows = Math.min(tile, batch - from);
                try (PointerScope inner = new PointerScope()) {
                    Tensor scores = scores(first, columns, from, rows);
                    Tensor byColumn = scores.sub(columnNormaliser).exp_();
                    Tensor coupling = scores.sub_(
                                    rowNormaliser.narrow(0, from, rows).unsqueeze(1))
                            .exp_()
                            .add_(byColumn);
                    coupling.diagonal(from, 0, 1).sub_(new Scalar(2.0));
                    coupling.mul_(new Scalar(1 / (2.0 * batch * temperature)));
                    firstGradient.narrow(0, from, rows).copy_(coupling.matmul(second));
                    secondGradient.addmm_(coupling.t(), first.narrow(0, from, rows));
                }
            }
            return new Result(loss, firstGradient, secondGradient, (double) retrieved / batch);
        }
    }

    /**
     * The loss as one expression that autograd can differentiate, B × B in memory: what the tiled form is tested
     * against, and what an undivided step would use.
     *
     * @param first [B, D] unit rows
     * @param second [B, D] unit rows
     * @return [] the loss
     */
    public Tensor loss(Tensor first, Tensor second) {
        Tensor scores = first.matmul(second.t()).div(new Scalar(temperature));
        Tensor rows = torch.log_softmax(scores, 1).diagonal();
        Tensor columns = torch.log_softmax(scores, 0).diagonal();
        return rows.add(columns).mean().mul(new Scalar(-0.5));
    }

    private Tensor scores(Tensor first, Tensor columns, int from, int rows) {
        return first.narrow(0, from, rows).matmul(columns).div_(new Scalar(temperature));
    }
}
