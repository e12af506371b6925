package org.celllm.training.optimiser;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.Native;

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101): Adam with decoupled weight decay, which is not applied to biases
 * and norms (tensors of fewer than two dimensions).
 *
 * <p>Written out in tensor operations rather than taken from libtorch, because a run that is resumed bit for bit has
 * to save and restore every number of its state, and the binding of the library's optimiser does not show them.
 *
 * <p>Not thread safe. Closing it frees the moments.
 */
public final class AdamW implements AutoCloseable {
    /** Numbers that go through all operations of a step before the next: they stay in the cache meanwhile. */
    private static final long PIECE = 1 << 18;

    private final Settings settings;
    private final Map<String, Tensor> parameters;
    private final Map<String, Tensor> first = new LinkedHashMap<>();
    private final Map<String, Tensor> second = new LinkedHashMap<>();
    private long steps;

    /**
     * The constants of the method.
     *
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the root of the second moment
     * @param weightDecay share of a weight taken off, per unit of learning rate
     */
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {
        /** The usual ones for language models: 0.9, 0.98, 1e-8 and a decay of 0.01. */
        public static final Settings DEFAULT = new Settings(0.9, 0.98, 1e-8, 0.01);

        public Settings {
            if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && weightDecay >= 0)) {
                throw new IllegalArgumentException(
                        "not constants of AdamW: " + beta1 + ", " + beta2 + ", " + epsilon + ", " + weightDecay);
            }
        }
    }

    /**
     * @param parameters trainable tensors by name, in a fixed order; they stay the caller's
     */
    public AdamW(Map<String, Tensor> parameters, Settings settings) {
        this.settings = settings;
        this.parameters = new LinkedHashMap<>(parameters);
        try (NoGradGuard noGraph = new NoGradGuard()) {
            for (Map.Entry<String, Tensor> parameter : this.parameters.entrySet()) {
                first.put(parameter.getKey(), torch.zeros_like(parameter.getValue()));
                second.put(parameter.getKey(), torch.zeros_like(parameter.getValue()));
            }
        }
    }

    /** Sets all gradients to zero. */
    public void zeroGradients() {
        try (PointerScope scope = new PointerScope()) {
            for (Tensor parameter : parameters.values()) {
                Tensor gradient = parameter.grad();
                if (gradient.defined()) {
                    gradient.zero_();
                }
            }
        }
    }

    /**
     * Scales the gradients down so that their joint norm is at most {@code most}.
     *
     * @return the norm before, NaN or infinite when a gradient is
     */
    public double clip(double most) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGraph = new NoGradGuard()) {
            double squares = 0;
            for (Tensor parameter : parameters.values()) {
                Tensor gradient = parameter.grad();
                if (gradient.defined()) {
                    double norm = torch.linalg_vector_norm(gradient).item_double();
                    squares += norm * norm;
                }
            }
            double norm = Math.sqrt(squares);
            if (norm > most) {
                Scalar scale = new Scalar(most / (norm + 1e-12));
                for (Tensor parameter : parameters.values()) {
                    Tensor gradient = parameter.grad();
                    if (gradient.defined()) {
                        gradient.mul_(scale);
                    }
                }
            }
            return norm;
        }
    }

    /**
     * Moves the parameters along their gradients.
     *
     * @param learningRate of this step
     */
    public void step(double learningRate) {
        steps++;
        double firstCorrection = 1 - Math.pow(settings.beta1(), (double) steps);
        double secondCorrection = 1 - Math.pow(settings.beta2(), (double) steps);
        try (NoGradGuard noGraph = new NoGradGuard()) {
            for (Map.Entry<String, Tensor> entry : parameters.entrySet()) {
                try (PointerScope scope = new PointerScope()) {
                    Tensor parameter = entry.getValue();
                    Tensor gradient = parameter.grad();
                    if (!gradient.defined()) {
                        continue;
                    }
                    Tensor mean = moment(first, entry.getKey()).view(-1);
                    Tensor square = moment(second, entry.getKey()).view(-1);
                    Tensor weights = parameter.view(-1);
                    Tensor slopes = gradient.reshape(-1);
                    double decay = parameter.dim() > 1 ? learningRate * settings.weightDecay() : 0;
                    Tensor scratch = torch.empty_like(mean.narrow(0, 0, Math.min(PIECE, mean.numel())));
                    for (long from = 0; from < mean.numel(); from += PIECE) {
                        long start = from;
                        long count = Math.min(PIECE, mean.numel() - from);
                        Native.run(() -> move(
                                weights.narrow(0, start, count),
                                slopes.narrow(0, start, count),
                                mean.narrow(0, start, count),
                                square.narrow(0, start, count),
                                scratch.narrow(0, 0, count),
                                decay,
                                learningRate / firstCorrection,
                                Math.sqrt(secondCorrection)));
                    }
                }
            }
        }
    }

    /** Moves a piece of a parameter. */
    private void move(
            Tensor weights,
            Tensor gradient,
            Tensor mean,
            Tensor square,
            Tensor scale,
            double decay,
            double rate,
            double rootOfCorrection) {
        mean.mul_(new Scalar(settings.beta1())).add_(gradient, new Scalar(1 - settings.beta1()));
        square.mul_(new Scalar(settings.beta2())).addcmul_(gradient, gradient, new Scalar(1 - settings.beta2()));
        torch.sqrt_out(scale, square).div_(new Scalar(rootOfCorrection)).add_(new Scalar(settings.epsilon()));
        if (decay > 0) {
            weights.mul_(new Scalar(1 - decay));
        }
        weights.addcdiv_(mean, scale, new Scalar(-rate));
    }

    /** How many steps were taken. */
    public long steps() {
        return steps;
    }

    /**
     * The moments, {@code "first." + name} and {@code "second." + name}: what a checkpoint holds. The tensors are the
     * optimiser's own; a restore copies into them and calls {@link #restored}.
     */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        first.forEach((name, tensor) -> state.put("first." + name, tensor));
        second.forEach((name, tensor) -> state.put("second." + name, tensor));
        return state;
    }

    /** Says that the moments were restored as they were after so many steps. */
    public void restored(long stepsTaken) {
        this.steps = stepsTaken;
    }

    @Override
    public void close() {
        first.values().forEach(Tensor::close);
        second.values().forEach(Tensor::close);
    }

    private static Tensor moment(Map<String, Tensor> moments, String name) {
        Tensor moment = moments.get(name);
        if (moment == null) {
            throw new IllegalStateException("no moment of " + name);
        }
        return moment;
    }
}
