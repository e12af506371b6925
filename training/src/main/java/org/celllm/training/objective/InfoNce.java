package org.celllm.training.objective;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Workers;

/**
 * The contrastive objective: two views of a cell shall lie near to each other and far from all other cells of the
 * batch.
 *
 * <p><b>Computes.</b> For unit vectors a₁ … a_B (first views) and b₁ … b_B (second views), s_ij = a_i·b_j / τ,
 * <pre>loss = −1/(2B) Σ_i [ log softmax_j(s_ij)|_{j=i} + log softmax_j(s_ji)|_{j=i} ],</pre>
 * InfoNCE (van den Oord et al., arXiv 1807.03748) in both directions, the contrastive loss of CellLM
 * (arXiv 2306.04371, contrastive learning section), whose published temperature τ is 0.05. A {@linkplain FalseNegatives
 * false negative} is left out of the sums of the softmax.
 *
 * <p><b>Inputs.</b> {@link Pairs} with a factor of 1/τ. A bias changes nothing.
 *
 * <p><b>When.</b> Whenever embeddings shall spread over the whole space instead of a narrow cone. It only teaches
 * what the views share: see {@link org.celllm.training.views.ViewSettings}.
 *
 * <p><b>Siblings.</b> {@link SigLip} asks about each pair by itself. {@link MaskedExpression} and {@link
 * NormalVersusCancer} are sums over cells and need no batch; this one couples every pair, which is why the step divides
 * around it.
 *
 * <p><b>Cost.</b> 8·B²·D floating point operations: the products are made once for the normalisers, by an online
 * log-sum-exp over tiles in both directions (Milakov and Gimelshein, arXiv 1805.02867), and once for the gradient.
 */
public final class InfoNce implements ContrastiveLoss {
    private static final ScalarTypeOptional WIDE = new ScalarTypeOptional(torch.ScalarType.Double);

    @Override
    public Result lossAndGradient(Pairs pairs, Workers workers) {
        int batch = pairs.batch();
        Statistics statistics = new Statistics(pairs);
        try {
            int active = Math.min(workers.count(), pairs.blocks());
            workers.run(active, pairs.blocks(), (worker, row) -> Native.runWithoutGradient(() -> statistics.row(row)));
            double loss = statistics.finish() / (2.0 * batch);
            Scalar share = new Scalar(1 / (2.0 * batch));
            PairGradients.Gradient gradient = PairGradients.of(pairs, workers, (row, column) -> {
                Tensor logits = pairs.logits(row, column);
                Tensor byColumn =
                        logits.sub(statistics.columnNormaliser(column)).exp_();
                Tensor coupling =
                        logits.sub_(statistics.rowNormaliser(row)).exp_().add_(byColumn);
                if (row == column) {
                    coupling.diagonal().sub_(new Scalar(2.0));
                }
                coupling.mul_(share);
                return coupling;
            });
            return new Result(
                    loss,
                    gradient.first(),
                    gradient.second(),
                    gradient.logFactor(),
                    0,
                    (double) statistics.retrieved() / batch);
        } finally {
            statistics.close();
        }
    }

    /** The normalisers of all rows and columns. A row of tiles is filled by one worker. */
    private static final class Statistics implements AutoCloseable {
        private final Pairs pairs;
        /** [B] running maximum, and at last the logarithm of the sum of exponentials, of each row. */
        private final Tensor rows;
        /** [B] the same of each column. */
        private final Tensor columns;
        /** [blocks, B] maximum of each column within a row of tiles, and the sum of exponentials below it. */
        private final Tensor columnMax;

        private final Tensor columnSum;
        private final double[] diagonal;
        private final long[] retrieved;

        Statistics(Pairs pairs) {
            this.pairs = pairs;
            int batch = pairs.batch();
            int blocks = pairs.blocks();
            rows = zeros(batch);
            columns = zeros(batch);
            columnMax = zeros(blocks, batch);
            columnSum = zeros(blocks, batch);
            diagonal = new double[blocks];
            retrieved = new long[blocks];
        }

        private Tensor zeros(long... shape) {
            return Native.keep(
                    Native.scoped(() -> torch.zeros(shape, pairs.first().options())));
        }

        /** Goes over a row of tiles. */
        void row(int row) {
            int size = pairs.size(row);
            Tensor max = torch.full(
                    new long[] {size, 1}, new Scalar(Pairs.NEVER), pairs.first().options());
            Tensor sum = torch.zeros(new long[] {size, 1}, pairs.first().options());
            Tensor own = torch.zeros(new long[] {size, 1}, pairs.first().options());
            for (int column = 0; column < pairs.blocks(); column++) {
                int at = column;
                Native.run(() -> {
                    Tensor logits = pairs.logits(row, at);
                    if (row == at) {
                        own.copy_(logits.diagonal().unsqueeze(1));
                    }
                    Tensor highest = torch.maximum(max, logits.amax(new long[] {1}, true));
                    sum.mul_(max.sub(highest).exp_());
                    sum.add_(logits.sub(highest).exp_().sum(new long[] {1}, true, null));
                    max.copy_(highest);
                    Tensor top = logits.amax(new long[] {0}, false);
                    part(columnMax, row, at).copy_(top);
                    part(columnSum, row, at).copy_(logits.sub_(top).exp_().sum(0L));
                });
            }
            diagonal[row] = own.sum(WIDE).item_double();
            retrieved[row] = own.ge(max).sum().item_long();
            rows.narrow(0, pairs.from(row), size).copy_(sum.log_().add_(max).squeeze(1));
        }

        private Tensor part(Tensor all, int row, int column) {
            return all.select(0, row).narrow(0, pairs.from(column), pairs.size(column));
        }

        /** Joins the columns' parts, and gives Σ of all normalisers − 2 Σ of the own pairs' logits. */
        double finish() {
            double[] normalisers = new double[1];
            Native.runWithoutGradient(() -> {
                Tensor highest = columnMax.amax(new long[] {0}, false);
                Tensor sum = columnMax.sub_(highest).exp_().mul_(columnSum).sum(0L);
                columns.copy_(sum.log_().add_(highest));
                normalisers[0] =
                        rows.sum(WIDE).item_double() + columns.sum(WIDE).item_double();
            });
            return normalisers[0] - 2 * Arrays.stream(diagonal).sum();
        }

        long retrieved() {
            return Arrays.stream(retrieved).sum();
        }

        /** [size, 1] */
        Tensor rowNormaliser(int row) {
            return rows.narrow(0, pairs.from(row), pairs.size(row)).unsqueeze(1);
        }

        /** [size] */
        Tensor columnNormaliser(int column) {
            return columns.narrow(0, pairs.from(column), pairs.size(column));
        }

        @Override
        public void close() {
            rows.close();
            columns.close();
            columnMax.close();
            columnSum.close();
        }
    }
}
