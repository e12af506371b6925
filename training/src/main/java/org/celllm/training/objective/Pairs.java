package org.celllm.training.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * All pairs of a first view i and a second view j of a batch, seen in square tiles: the logit of a pair is
 * factor · a_i·b_j + bias, where 1 / factor is what is called the temperature.
 *
 * <p>Reads its tensors and changes none. Thread safe.
 */
public final class Pairs {
    /** Rows and columns of a tile: 4 MiB in float32, a few of which live at once for each worker. */
    static final int SIDE = 1024;

    /** The logit of a pair that does not count. Finite, so that no difference of two such is undefined. */
    static final double NEVER = -1e30;

    private final Tensor first;
    private final Tensor second;
    private final double factor;
    private final double bias;
    private final @Nullable FalseNegatives ignored;
    private final int side;

    /**
     * @param first [B, D] unit rows, no graph
     * @param second [B, D] unit rows in the same order, no graph
     * @param factor greater than 0
     * @param bias added to every logit
     * @param ignored pairs of different cells that do not count; {@code null} where all do
     */
    public Pairs(Tensor first, Tensor second, double factor, double bias, @Nullable FalseNegatives ignored) {
        this(first, second, factor, bias, ignored, SIDE);
    }

    Pairs(Tensor first, Tensor second, double factor, double bias, @Nullable FalseNegatives ignored, int side) {
        if (!(factor > 0) || !Double.isFinite(factor) || !Double.isFinite(bias)) {
            throw new IllegalArgumentException("logits of " + factor + " · similarity + " + bias);
        }
        if (ignored != null && ignored.cells() != first.size(0)) {
            throw new IllegalArgumentException(ignored.cells() + " cells for " + first.size(0) + " rows");
        }
        this.first = first;
        this.second = second;
        this.factor = factor;
        this.bias = bias;
        this.ignored = ignored;
        this.side = side;
    }

    /** Cells of the batch. */
    int batch() {
        return Math.toIntExact(first.size(0));
    }

    double factor() {
        return factor;
    }

    /** How many tiles lie side by side. */
    int blocks() {
        return Math.toIntExact(blocks(batch(), side));
    }

    static long blocks(long batch, int side) {
        return (batch + side - 1) / side;
    }

    int from(int block) {
        return block * side;
    }

    int size(int block) {
        return Math.min(side, batch() - from(block));
    }

    /** [size, D] the first views of a block. */
    Tensor first(int block) {
        return first.narrow(0, from(block), size(block));
    }

    /** [size, D] the second views of a block. */
    Tensor second(int block) {
        return second.narrow(0, from(block), size(block));
    }

    Tensor first() {
        return first;
    }

    Tensor second() {
        return second;
    }

    /** [size(row), size(column)] the logits of a tile; the diagonal of a tile with row = column has the cells' own pairs. */
    Tensor logits(int row, int column) {
        Tensor logits = first(row).matmul(second(column).t());
        logits.mul_(new Scalar(factor));
        if (bias != 0) {
            logits.add_(new Scalar(bias));
        }
        if (ignored != null) {
            logits.masked_fill_(ignored.tile(from(row), size(row), from(column), size(column)), new Scalar(NEVER));
        }
        return logits;
    }
}
