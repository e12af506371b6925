package org.celllm.training.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/** The contrastive losses as one expression over the whole matrix of pairs, which autograd differentiates. */
public final class WholeLoss {
    private WholeLoss() {}

    /**
     * @param logFactor [1]
     * @param bias [1]
     * @param apart sets of cells, pairs of different ones of which do not count, or {@code null}
     * @param criteria groups of cells whose pairs do not count
     * @return [] the loss
     */
    public static Tensor of(
            Contrast.Kind kind,
            Tensor first,
            Tensor second,
            Tensor logFactor,
            Tensor bias,
            int @Nullable [] apart,
            int[]... criteria) {
        int batch = (int) first.size(0);
        Tensor logits = first.matmul(second.t()).mul(logFactor.exp()).add(bias);
        double[] shut = new double[batch * batch];
        double[] sign = new double[batch * batch];
        for (int i = 0; i < batch; i++) {
            for (int j = 0; j < batch; j++) {
                sign[i * batch + j] = i == j ? 1 : -1;
                if (apart != null && apart[i] != apart[j]) {
                    shut[i * batch + j] = 1;
                }
                for (int[] group : criteria) {
                    if (i != j && group[i] >= 0 && group[i] == group[j]) {
                        shut[i * batch + j] = 1;
                    }
                }
            }
        }
        Tensor without = TensorArrays.of(shut, batch, batch).gt(new Scalar(0));
        if (kind == Contrast.Kind.SIGLIP) {
            Tensor signs = TensorArrays.of(sign, batch, batch).to(logits.scalar_type());
            Tensor each = torch.log_sigmoid(logits.mul(signs));
            return each.masked_fill(without, new Scalar(0)).sum().div(new Scalar(-batch));
        }
        Tensor open = logits.masked_fill(without, new Scalar(Double.NEGATIVE_INFINITY));
        Tensor rows = torch.log_softmax(open, 1).diagonal();
        Tensor columns = torch.log_softmax(open, 0).diagonal();
        return rows.add(columns).mean().mul(new Scalar(-0.5));
    }
}
