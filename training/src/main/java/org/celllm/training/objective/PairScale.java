package org.celllm.training.objective;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;

/**
 * What turns similarities of views into logits: a factor, which is one over the temperature, and a bias. Either may be
 * learned, the factor by its logarithm (CLIP, Radford et al., arXiv 2103.00020, which also keeps it from passing 100).
 *
 * <p>Not thread safe. Closing it frees the numbers.
 */
public final class PairScale implements AutoCloseable {
    /** The factor may not be learned beyond. */
    private static final double HIGHEST = 100;

    private final Tensor logFactor;
    private final Tensor bias;
    private final boolean learnsFactor;
    private final boolean learnsBias;

    private PairScale(Tensor logFactor, Tensor bias, boolean learnsFactor, boolean learnsBias) {
        this.logFactor = logFactor;
        this.bias = bias;
        this.learnsFactor = learnsFactor;
        this.learnsBias = learnsBias;
        logFactor.set_requires_grad(learnsFactor);
        bias.set_requires_grad(learnsBias);
    }

    /**
     * As a run begins.
     *
     * @param batch cells of a batch
     */
    public static PairScale of(Contrast contrast, int batch, Precision precision) {
        boolean pairwise = contrast.kind() == Contrast.Kind.SIGLIP;
        return new PairScale(
                number(-Math.log(contrast.temperature()), precision),
                number(pairwise ? -1 / contrast.temperature() - Math.log(batch) : 0, precision),
                contrast.learned(),
                pairwise);
    }

    private static Tensor number(double value, Precision precision) {
        return Native.keep(Native.scoped(
                () -> torch.full(new long[] {1}, new Scalar(value), new TensorOptions(precision.stored()))));
    }

    /** One over the temperature. */
    public double factor() {
        return Math.exp(item(logFactor));
    }

    /** Added to every logit. */
    public double bias() {
        return item(bias);
    }

    private static double item(Tensor tensor) {
        return tensor.item_double();
    }

    /** What is learned, by name, for the optimiser; both numbers have one dimension, so that no weight decay is applied. */
    public Map<String, Tensor> trainable() {
        Map<String, Tensor> trainable = new LinkedHashMap<>();
        if (learnsFactor) {
            trainable.put("contrast.log_factor", logFactor);
        }
        if (learnsBias) {
            trainable.put("contrast.bias", bias);
        }
        return trainable;
    }

    /** Adds to the gradients of what is learned. */
    public void addGradient(double ofLogFactor, double ofBias) {
        if (learnsFactor) {
            add(logFactor, ofLogFactor);
        }
        if (learnsBias) {
            add(bias, ofBias);
        }
    }

    private static void add(Tensor number, double gradient) {
        Native.runWithoutGradient(() -> {
            if (number.grad().defined()) {
                number.grad().add_(new Scalar(gradient));
            } else {
                number.mutable_grad().put(torch.full_like(number, new Scalar(gradient)));
            }
        });
    }

    /** After an optimiser step: keeps the factor within its bounds. */
    public void bound() {
        if (learnsFactor) {
            Native.runWithoutGradient(() -> {
                Tensor bounded = torch.clamp_max(logFactor, new Scalar(Math.log(HIGHEST)));
                logFactor.copy_(bounded);
            });
        }
    }

    @Override
    public void close() {
        logFactor.close();
        bias.close();
    }
}
