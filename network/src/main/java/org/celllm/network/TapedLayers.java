package org.celllm.network;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.attention.SequenceLayout;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Pool;
import org.jspecify.annotations.Nullable;

/**
 * Runs layers one after the other and puts the way back on a tape, layer by layer: with what each layer's way back needs, or
 * with only what each layer read, from which the rest is computed again when its turn comes. The second takes the memory of one
 * layer instead of all, for one more forward pass (Chen et al., arXiv 1604.06174); its gradient has the same bits.
 */
final class TapedLayers {
    private final GradientTape tape;
    private final GradientTape.Flow flow = new GradientTape.Flow();
    private final Stage stage;

    private TapedLayers(GradientTape tape, Stage stage) {
        this.tape = tape;
        this.stage = stage;
    }

    /** One layer: runs it, and records its way back, which takes a gradient from the flow and puts one there. */
    private interface Stage {
        Tensor run(Tensor read, int layer, GradientTape tape, GradientTape.Flow flow);
    }

    /** By {@link FusedTraining}, on 32-bit rows. */
    static TapedLayers fused(
            GradientTape tape,
            Pool<FusedTraining> training,
            IntFunction<FusedWeights> weights,
            SequenceLayout layout,
            Function<String, @Nullable Tensor> gradients) {
        Stage keeping = (read, layer, onto, flow) -> training.with(each -> {
            FusedTraining.Step step = each.forward(read, weights.apply(layer), layout);
            SavedLayer saved = step.saved();
            onto.record(
                    () -> flow.put(training.with(
                            again -> again.backward(saved, weights.apply(layer), layout, flow.take(), gradients))),
                    saved.held());
            return step.out();
        });
        Stage recomputing = (read, layer, onto, flow) -> training.with(each -> {
            onto.record(
                    () -> flow.put(training.with(again -> again.backward(
                            again.forward(read, weights.apply(layer), layout).saved(),
                            weights.apply(layer),
                            layout,
                            flow.take(),
                            gradients))),
                    List.of(read));
            return each.forward(read, weights.apply(layer), layout).out();
        });
        return new TapedLayers(tape, tape.recomputes() ? recomputing : keeping);
    }

    /** By {@link EncoderLayer}, each computed again on the way back. */
    static TapedLayers recomputed(
            GradientTape tape, IntFunction<EncoderLayer> layers, SequenceLayout layout, Dropouts dropouts) {
        return new TapedLayers(tape, (read, layer, onto, flow) -> {
            onto.record(() -> flow.put(back(layers.apply(layer), read, layout, dropouts, flow.take())), List.of(read));
            return layers.apply(layer).forward(read, layout, dropouts, null);
        });
    }

    @SuppressWarnings("try")
    private static Tensor back(
            EncoderLayer layer, Tensor read, SequenceLayout layout, Dropouts dropouts, Tensor gradient) {
        return Native.scoped(() -> {
            Tensor leaf = GradientTape.leaf(read);
            try (AutoGradMode recorded = new AutoGradMode(true);
                    GradientTape within = new GradientTape()) {
                Tensor out = layer.forward(leaf, layout, dropouts, within);
                GradientTape.continueFrom(List.of(out), List.of(gradient));
                within.backward();
            }
            // The gradient itself is the leaf's, and ends with it.
            return leaf.grad().detach();
        });
    }

    /**
     * Runs the layers {@code from … to − 1}.
     *
     * @param embedded [rows, dim] part of a graph, or not
     * @return [rows, dim] a leaf, whose gradient is the tape's beginning
     */
    Tensor run(Tensor embedded, int from, int to) {
        tape.record(() -> GradientTape.continueFrom(List.of(embedded), List.of(flow.take())), List.of(embedded));
        Tensor x = Native.withoutGradient(() -> {
            Tensor before = embedded.detach();
            for (int layer = from; layer < to; layer++) {
                int number = layer;
                Tensor read = before;
                before = Native.scoped(() -> stage.run(read, number, tape, flow));
            }
            return before;
        });
        Tensor out = GradientTape.leaf(x);
        tape.record(() -> flow.put(out.grad()), List.of(out));
        return out;
    }
}
