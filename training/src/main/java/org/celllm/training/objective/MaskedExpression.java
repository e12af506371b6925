package org.celllm.training.objective;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.CellLanguageModel;

/**
 * Masked expression: guess the expression token of genes whose token was hidden, from the other genes of the cell.
 *
 * <p><b>Computes.</b> Σ over masked positions of −log softmax(logits)[token], as a sum, so that chunks add up; the
 * step divides by the number of masked positions of the whole batch. Masked language modelling over expression bins,
 * CellLM (arXiv 2306.04371, pre-training objectives).
 *
 * <p><b>Inputs.</b> The encoder's output at the masked positions, and the tokens that stood there.
 *
 * <p><b>When.</b> Always: it is what teaches which genes go together. Read its figure beside always guessing the
 * commonest bin, which alone is right for 1% to 81% of positions, depending on the data.
 *
 * <p><b>Siblings.</b> {@link InfoNce}, {@link NormalVersusCancer}.
 *
 * <p><b>Cost.</b> The output layer at the masked positions only.
 */
public final class MaskedExpression {
    private MaskedExpression() {}

    /**
     * The sum over masked positions.
     *
     * @param loss [] with a graph when autograd is on
     * @param right how many tokens were guessed right
     */
    public record Sum(Tensor loss, long right) {}

    /**
     * @param model for its output layer
     * @param hidden [n, dim] the encoder's output at the masked positions
     * @param expected [n] the token that stood at each
     */
    public static Sum of(CellLanguageModel model, Tensor hidden, long[] expected) {
        Tensor tokens = torch.tensor(expected);
        Tensor logits = model.tokenLogits(hidden);
        Tensor picked = torch.log_softmax(logits, 1).gather(1, tokens.unsqueeze(1));
        long right = logits.detach()
                .argmax(new org.bytedeco.pytorch.LongOptional(1), false)
                .eq(tokens)
                .sum()
                .item_long();
        return new Sum(picked.sum().neg(), right);
    }
}
