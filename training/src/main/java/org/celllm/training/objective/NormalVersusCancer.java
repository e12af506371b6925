package org.celllm.training.objective;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.Disease;
import org.celllm.network.CellLanguageModel;
import org.jspecify.annotations.Nullable;

/**
 * Normal versus cancer: say from a cell's CLS whether it is malignant.
 *
 * <p><b>Computes.</b> Σ over views of cells of known disease of −log σ(±logit), as a sum; the step divides by their
 * number in the whole batch. The discrimination objective of CellLM (arXiv 2306.04371, pre-training objectives).
 *
 * <p><b>Inputs.</b> CLS encodings [sequences, dim], first views before second views, and the cells' disease. Cells of
 * unknown disease carry no such loss.
 *
 * <p><b>When.</b> With cells of both kinds, best within the same sources: where disease and source go together, the
 * objective can be met by telling the sources apart.
 *
 * <p><b>Siblings.</b> {@link MaskedExpression}, {@link InfoNce}.
 *
 * <p><b>Cost.</b> One row a cell: none to speak of.
 */
public final class NormalVersusCancer {
    private NormalVersusCancer() {}

    /**
     * The sum over views of known disease.
     *
     * @param loss [] with a graph when autograd is on
     * @param right how many were told right
     */
    public record Sum(Tensor loss, long right) {}

    /**
     * @param model for its head
     * @param cls [views × (to − from), dim]
     * @param batch the whole batch
     * @param from the chunk's first cell
     * @param to one past its last
     * @return {@code null} when the disease of none of the cells is known
     */
    public static @Nullable Sum of(CellLanguageModel model, Tensor cls, CellBatch batch, int from, int to) {
        int cells = to - from;
        int views = Math.toIntExact(cls.size(0)) / cells;
        int known = labelled(batch, from, to);
        if (known == 0) {
            return null;
        }
        long[] rows = new long[known * views];
        float[] sign = new float[known * views];
        int next = 0;
        for (int view = 0; view < views; view++) {
            for (int cell = from; cell < to; cell++) {
                byte disease = batch.disease()[cell];
                if (disease != Disease.UNKNOWN.code()) {
                    rows[next] = (long) view * cells + cell - from;
                    sign[next++] = disease == Disease.CANCER.code() ? 1f : -1f;
                }
            }
        }
        Tensor logits = model.diseaseLogits(cls.index_select(0, torch.tensor(rows)));
        Tensor margin = logits.mul(torch.tensor(sign).to(logits.scalar_type()));
        long right =
                margin.detach().gt(new org.bytedeco.pytorch.Scalar(0.0)).sum().item_long();
        return new Sum(torch.log_sigmoid(margin).sum().neg(), right);
    }

    /** How many cells of a range are of known disease. */
    public static int labelled(CellBatch batch, int from, int to) {
        int known = 0;
        for (int cell = from; cell < to; cell++) {
            if (batch.disease()[cell] != Disease.UNKNOWN.code()) {
                known++;
            }
        }
        return known;
    }
}
