package org.celllm.training.objective;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Workers;

/**
 * From the derivative of a loss with respect to the logits of each tile to its gradient with respect to the views. A row
 * of tiles belongs to one worker, who adds up the second views' part apart from the others.
 */
final class PairGradients {
    /** So many copies of the second views' gradient live at once, at most. */
    private static final int MOST_ACTIVE = 8;

    private PairGradients() {}

    /** How many of the workers take part. */
    static int active(int workers) {
        return Math.min(workers, MOST_ACTIVE);
    }

    /** Says how a loss couples the pairs of a tile. */
    interface Coupling {
        /** [size(row), size(column)] derivative of the loss with respect to the tile's logits. */
        Tensor of(int row, int column);
    }

    /**
     * A gradient.
     *
     * @param first [B, D], the caller's to close
     * @param second [B, D], the caller's to close
     * @param logFactor with respect to the logarithm of the factor
     */
    record Gradient(Tensor first, Tensor second, double logFactor) {}

    static Gradient of(Pairs pairs, Workers workers, Coupling coupling) {
        int blocks = pairs.blocks();
        int active = Math.min(active(workers.count()), blocks);
        Tensor first = Native.keep(Native.scoped(() -> torch.empty_like(pairs.first())));
        List<Tensor> second = new ArrayList<>();
        for (int worker = 0; worker < active; worker++) {
            second.add(Native.keep(Native.scoped(() -> torch.zeros_like(pairs.second()))));
        }
        double[] logFactor = new double[blocks];
        workers.run(
                active,
                blocks,
                (worker, row) -> Native.runWithoutGradient(() -> {
                    Tensor views = pairs.first(row);
                    Tensor own = first.narrow(0, pairs.from(row), pairs.size(row));
                    own.zero_();
                    for (int column = 0; column < blocks; column++) {
                        int at = column;
                        Native.run(() -> {
                            Tensor tile = coupling.of(row, at);
                            tile.mul_(new Scalar(pairs.factor()));
                            own.addmm_(tile, pairs.second(at));
                            second.get(worker)
                                    .narrow(0, pairs.from(at), pairs.size(at))
                                    .addmm_(tile.t(), views);
                        });
                    }
                    // The factor scales the logits, and so do the views: the derivatives are one another's.
                    logFactor[row] = own.mul(views)
                            .sum(new ScalarTypeOptional(torch.ScalarType.Double))
                            .item_double();
                }));
        for (int worker = 1; worker < active; worker++) {
            Tensor theirs = second.get(worker);
            Native.runWithoutGradient(() -> second.get(0).add_(theirs));
            theirs.close();
        }
        double sum = 0;
        for (double part : logFactor) {
            sum += part;
        }
        return new Gradient(first, second.get(0), sum);
    }
}
