package org.celllm.training.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.Dropouts;
import org.celllm.network.Pooling;

/**
 * Which objectives a step minimises, and how much each counts: total = masked · L_masked + disease · L_disease +
 * contrastive · L_contrastive. A weight of 0 switches one off, with its work.
 *
 * @param masked weight of {@link MaskedExpression}
 * @param disease weight of {@link NormalVersusCancer}
 * @param contrastive weight of the {@link ContrastiveLoss}
 * @param contrast how it compares cells
 * @param pooling what represents a cell in the contrastive objective
 */
public record Objectives(double masked, double disease, double contrastive, Contrast contrast, Pooling pooling) {
    /** All three, equally ({@code docs/experiments.md}). */
    public static final Objectives DEFAULT = new Objectives(1, 1, 1, Contrast.DEFAULT, Pooling.CLS);

    public Objectives {
        if (masked < 0 || disease < 0 || contrastive < 0 || masked + disease + contrastive == 0) {
            throw new IllegalArgumentException("weights of objectives are at least 0, and one of them is greater");
        }
    }

    /** The same objectives without normal versus cancer, for a corpus that cannot teach it. */
    public Objectives withoutDisease() {
        return new Objectives(masked, 0, contrastive, contrast, pooling);
    }

    /** The same with another way to compare cells. */
    public Objectives with(Contrast other) {
        return new Objectives(masked, disease, contrastive, other, pooling);
    }

    /**
     * The unit vectors that the contrastive objective compares.
     *
     * @param pooled [sequences, dim] what represents each cell before the projection
     * @return [sequences, D] rows of length 1
     */
    public static Tensor represent(CellLanguageModel model, Tensor pooled) {
        return unit(model.project(pooled));
    }

    /**
     * As {@link #represent(CellLanguageModel, Tensor)}, from the sequences: when only CLS is wanted,
     * the last layer attends from CLS alone.
     *
     * @return [sequences, D] rows of length 1
     */
    public Tensor represent(CellLanguageModel model, CellSequences sequences, Dropouts dropouts) {
        return represent(
                model,
                pooling == Pooling.CLS
                        ? model.encodeCls(sequences, dropouts)
                        : model.mean(model.encode(sequences, dropouts), sequences));
    }

    /** Rows scaled to length 1; a row of zeros stays one. */
    static Tensor unit(Tensor rows) {
        Tensor squared = rows.mul(rows).sum(new long[] {1}, true, null);
        return rows.div(torch.clamp_min(squared, new Scalar(1e-24)).sqrt());
    }
}
