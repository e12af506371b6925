package org.celllm.network;

import java.util.function.Function;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.attention.FavorAttention;
import org.celllm.network.attention.SequenceLayout;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.GradientTape.Keeping;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Pool;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.Torch;
import org.jspecify.annotations.Nullable;

/**
 * The layers of the encoder, one after the other, in the way that suits: {@link FusedLayers} without a gradient and
 * {@link FusedTraining} with one, where the library has fast code for the operands, nothing is padded and nothing drops out;
 * {@link EncoderLayer} elsewhere.
 *
 * <p>Thread safe: what a thread computes with is its own while it does.
 */
final class EncoderBody implements AutoCloseable {
    /** The widest network whose 32-bit layers are faster by the library itself; the published one, of 512, is slower. */
    private static final int WIDEST = 256;

    private final NetworkConfig config;
    private final Precision precision;
    private final Function<String, @Nullable Tensor> weights;
    private final Function<String, @Nullable Tensor> gradients;
    private final FavorAttention attention;
    private final Pool<FusedLayers> fused;
    private final Pool<FusedTraining> training;
    private final Format format;
    private final boolean isFast;

    /**
     * @param weights by published name
     * @param gradients the gradient of a weight to add to; {@code null} where it is not trained
     */
    EncoderBody(
            NetworkConfig config,
            Precision precision,
            Function<String, @Nullable Tensor> weights,
            Function<String, @Nullable Tensor> gradients) {
        this.config = config;
        this.precision = precision;
        this.format = precision == Precision.BFLOAT16 ? Format.BFLOAT16 : Format.FLOAT32;
        this.isFast = config.padding() == PaddingMode.NONE
                && ((precision == Precision.FLOAT32 && config.dim() <= WIDEST)
                        || (precision == Precision.BFLOAT16 && Torch.multipliesBfloat16()))
                && FavorAttention.isFast(config.heads(), config.headDim(), config.randomFeatures(), format)
                && LayerPrograms.areFast(config, format);
        this.weights = weights;
        this.gradients = gradients;
        this.attention = new FavorAttention(config.heads(), config.headDim(), config.randomFeatures(), format, isFast);
        this.fused = new Pool<>(() -> new FusedLayers(config, format, attention));
        this.training = new Pool<>(() -> new FusedTraining(config, format, attention));
    }

    /**
     * Runs the layers {@code from … to − 1}.
     *
     * @param embedded [rows, dim] what the first of them reads; may be changed where no gradient is recorded
     * @param tape takes the way back; {@code null} where there is none, or autograd is to record it
     * @param read the rows to give, where {@link #selects}; {@code null} for all
     * @return [rows, dim], or those that are read and filler
     */
    Tensor run(
            Tensor embedded,
            SequenceLayout layout,
            Dropouts dropouts,
            int from,
            int to,
            @Nullable GradientTape tape,
            @Nullable RowSelection read) {
        boolean takesFused = takesFused(layout, dropouts);
        if (takesFused && !GradMode.is_enabled()) {
            return fused.with(each -> {
                for (int layer = from; layer < to; layer++) {
                    int number = layer;
                    Native.run(() -> each.forward(embedded, weightsOf(number), layout));
                }
                return embedded;
            });
        }
        if (takesFused && tape != null) {
            return TapedLayers.fused(tape, training, this::weightsOf, layout, gradients, read)
                    .run(embedded, from, to);
        }
        if (tape != null && tape.keeping() == Keeping.READ) {
            return TapedLayers.recomputed(tape, this::layer, layout, dropouts).run(embedded, from, to);
        }
        Tensor x = embedded;
        for (int layer = from; layer < to; layer++) {
            x = layer(layer).forward(x, layout, dropouts, tape);
        }
        return x;
    }

    /**
     * The CLS rows of what a layer gives, without a gradient and without computing the others.
     *
     * @param x [rows, dim]
     * @return [cells, dim]
     */
    Tensor cls(Tensor x, SequenceLayout layout, Dropouts dropouts, int layer) {
        if (GradMode.is_enabled() || !takesFused(layout, dropouts)) {
            return layer(layer).forwardCls(x, layout, dropouts, null);
        }
        return fused.with(
                each -> layer(layer).forwardCls(x, layout, dropouts, each.keysAndValues(x, weightsOf(layer), layout)));
    }

    /**
     * Bytes of a position, at most, by which {@link Keeping#ALL} takes more than {@link Keeping#MOST}; 0 where that is no faster: wide
     * networks spend their time in products.
     *
     * @param layers how many record a gradient
     */
    long worthKeeping(Dropouts dropouts, int layers) {
        long each = attention.featureBytes() + (long) format.bytes() * config.hidden();
        return selects(dropouts) && config.dim() <= WIDEST ? layers * each : 0;
    }

    /** Whether the last layer can give some rows alone, where there is a tape. */
    boolean selects(Dropouts dropouts) {
        return isFast && dropouts == Dropouts.NONE;
    }

    private boolean takesFused(SequenceLayout layout, Dropouts dropouts) {
        return isFast && !layout.hasPadding() && dropouts == Dropouts.NONE;
    }

    private FusedWeights weightsOf(int layer) {
        return new FusedWeights(config, format, layer, weights);
    }

    private EncoderLayer layer(int number) {
        return new EncoderLayer(number, precision, attention, weights);
    }

    /** Frees the memory kept. No other thread may be encoding. */
    @Override
    public void close() {
        fused.close();
        training.close();
        attention.close();
    }
}
