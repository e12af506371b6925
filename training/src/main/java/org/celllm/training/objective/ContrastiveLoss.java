package org.celllm.training.objective;

import org.bytedeco.pytorch.Tensor;
import org.celllm.network.runtime.Workers;

/**
 * A loss over all pairs of a first and a second view of a batch: {@link InfoNce} or {@link SigLip}. It is computed, with
 * its gradient, in square tiles of pairs, so that B × B numbers never stand in memory. Immutable and thread safe.
 */
public sealed interface ContrastiveLoss permits InfoNce, SigLip {
    /**
     * A loss and its gradient.
     *
     * @param loss mean over cells
     * @param first [B, D] derivative of the loss with respect to the first views; the caller closes it
     * @param second [B, D] derivative with respect to the second views; the caller closes it
     * @param logFactor derivative with respect to the logarithm of the {@linkplain Pairs factor}
     * @param bias derivative with respect to the bias
     * @param retrieved share of the first views whose most similar second view is their own
     */
    record Result(double loss, Tensor first, Tensor second, double logFactor, double bias, double retrieved)
            implements AutoCloseable {
        @Override
        public void close() {
            first.close();
            second.close();
        }
    }

    /**
     * Computes the loss and its gradient, without autograd.
     *
     * @param pairs the views
     * @param workers who share out the rows; their number decides the order of sums, so it decides the last bits
     */
    Result lossAndGradient(Pairs pairs, Workers workers);

    /** Bytes that a computation takes beyond the views themselves, at most. */
    static long workingBytes(long batch, long width, int workers, int bytesPerNumber) {
        long gradients = 2 * batch * width + (PairGradients.active(workers) - 1) * batch * width;
        long statistics = 2 * batch * (Pairs.blocks(batch, Pairs.SIDE) + 4);
        long tiles = 16L * workers * Math.min(batch, Pairs.SIDE) * Math.min(batch, Pairs.SIDE);
        return bytesPerNumber * (gradients + statistics + tiles);
    }
}
