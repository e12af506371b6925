package org.celllm.training.objective;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.Workers;

/**
 * The contrastive objective, asked pair by pair: are these two views of one cell?
 *
 * <p><b>Computes.</b> For unit vectors a₁ … a_B (first views) and b₁ … b_B (second views), l_ij = a_i·b_j / τ + bias,
 * <pre>loss = −1/B Σ_ij log σ(z_ij l_ij), z_ij = 1 where i = j, else −1,</pre>
 * the sigmoid loss of SigLIP (Zhai et al., arXiv 2303.15343). A {@linkplain FalseNegatives false negative} is left out.
 *
 * <p><b>Inputs.</b> {@link Pairs} with a factor of 1/τ and a bias, which has to make up for the many negatives: it begins
 * at −1/τ − ln B, where the negatives weigh as much as one pair while all cells are still alike, and is always learned ({@link
 * PairScale}).
 *
 * <p><b>When.</b> As {@link InfoNce}, where batches are small or cells of a batch are much alike: a cell is not asked to
 * be less like all the others <em>together</em>.
 *
 * <p><b>Siblings.</b> {@link InfoNce}.
 *
 * <p><b>Cost.</b> 6·B²·D floating point operations: nothing has to be known of the other pairs, so one pass does.
 */
public final class SigLip implements ContrastiveLoss {
    private static final ScalarTypeOptional WIDE = new ScalarTypeOptional(torch.ScalarType.Double);

    @Override
    public Result lossAndGradient(Pairs pairs, Workers workers) {
        int batch = pairs.batch();
        int blocks = pairs.blocks();
        double[] loss = new double[blocks];
        double[] bias = new double[blocks];
        Scalar share = new Scalar(1.0 / batch);
        try (PointerScope scope = new PointerScope()) {
            Tensor own = torch.zeros(new long[] {batch}, pairs.first().options());
            Tensor highest = torch.full(
                    new long[] {batch}, new Scalar(Pairs.NEVER), pairs.first().options());
            PairGradients.Gradient gradient = PairGradients.of(pairs, workers, (row, column) -> {
                Tensor logits = pairs.logits(row, column);
                Tensor best = highest.narrow(0, pairs.from(row), pairs.size(row));
                best.copy_(torch.maximum(best, logits.amax(new long[] {1}, false)));
                // −log σ(−l) = softplus(l), and −log σ(l) = softplus(l) − l.
                loss[row] += torch.softplus(logits).sum(WIDE).item_double();
                Tensor coupling = torch.sigmoid(logits);
                if (row == column) {
                    Tensor diagonal = logits.diagonal();
                    own.narrow(0, pairs.from(row), pairs.size(row)).copy_(diagonal);
                    loss[row] -= diagonal.sum(WIDE).item_double();
                    coupling.diagonal().sub_(new Scalar(1.0));
                }
                coupling.mul_(share);
                bias[row] += coupling.sum(WIDE).item_double();
                return coupling;
            });
            return new Result(
                    Arrays.stream(loss).sum() / batch,
                    gradient.first(),
                    gradient.second(),
                    gradient.logFactor(),
                    Arrays.stream(bias).sum(),
                    own.ge(highest).sum().item_double() / batch);
        }
    }
}
