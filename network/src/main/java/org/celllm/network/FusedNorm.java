package org.celllm.network;

import java.util.function.Function;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/** Gradients of norms and biases in {@link FusedTraining}. */
final class FusedNorm {
    private FusedNorm() {}

    /**
     * The gradient of what a norm read; adds to those of its scale and shift.
     *
     * @param name of the norm
     * @param gradient [rows, dim] of what it gave
     * @param x [rows, dim] what it read
     * @param statistics [2, rows] mean and variance of the rows
     * @param gradients as in {@link FusedTraining#backward}
     * @return [rows, dim]
     */
    static Tensor backward(
            String name,
            Tensor gradient,
            Tensor x,
            Tensor statistics,
            Tensor scale,
            Function<String, @Nullable Tensor> gradients) {
        Tensor ownScale = gradients.apply(name + ".weight");
        Tensor ownShift = gradients.apply(name + ".bias");
        Tensor mean = statistics.narrow(0, 0, 1).view(-1, 1);
        Tensor reciprocal = statistics
                .narrow(0, 1, 1)
                .add(new Scalar(EncoderLayer.EPSILON))
                .rsqrt_()
                .view(-1, 1);
        try (BoolPointer wanted = new BoolPointer(3)) {
            wanted.put(0, true).put(1, ownScale != null).put(2, ownShift != null);
            T_TensorTensorTensor_T all = torch.native_layer_norm_backward(
                    gradient,
                    x,
                    new long[] {x.size(1)},
                    mean,
                    reciprocal,
                    new TensorOptional(scale),
                    new TensorOptional(scale),
                    wanted);
            if (ownScale != null) {
                ownScale.add_(all.get1());
            }
            if (ownShift != null) {
                ownShift.add_(all.get2());
            }
            // The triple owns its parts, and ends with the scope.
            return all.get0().detach();
        }
    }

    /** Adds the sum over the rows to a bias's gradient. */
    static void addSum(@Nullable Tensor bias, Tensor rows) {
        if (bias != null) {
            bias.add_(rows.sum(new long[] {0}, false, new ScalarTypeOptional(ScalarType.Float)));
        }
    }
}
