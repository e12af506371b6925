package org.celllm.network;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.attention.SequenceLayout;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.GradientTape.Keeping;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Pool;
import org.jspecify.annotations.Nullable;

/**
 * Runs layers one after the other and puts the way back on a tape, layer by layer: with what each layer's way back needs, with
 * more, or with only what each layer read, from which the rest is computed again when its turn comes. The second takes the memory of one
 * layer instead of all, for one more forward pass (Chen et al., arXiv 1604.06174); its gradient has the same bits.
 */
final class TapedLayers {
    private final GradientTape tape;
    private final GradientTape.Flow flow = new GradientTape.Flow();
    private final Stage stage;
    private final @Nullable RowSelection read;

    private TapedLayers(GradientTape tape, Stage stage, @Nullable RowSelection read) {
        this.tape = tape;
        this.stage = stage;
        this.read = read;
    }

    /**
     * One layer: runs it for some of its rows or all, and records its way back, which takes a gradient from the flow and puts one
     * there.
     */
    private interface Stage {
        Tensor run(Tensor x, int layer, @Nullable RowSelection rows, GradientTape tape, GradientTape.Flow flow);
    }

    /**
     * By {@link FusedTraining}, on 32-bit rows.
     *
     * @param read rows that the last of the layers is to give; {@code null} for all
     */
    static TapedLayers fused(
            GradientTape tape,
            Pool<FusedTraining> training,
            IntFunction<FusedWeights> weights,
            SequenceLayout layout,
            Function<String, @Nullable Tensor> gradients,
            @Nullable RowSelection read) {
        boolean all = tape.keeping() == Keeping.ALL;
        Stage keeping = (x, layer, rows, onto, flow) -> training.with(each -> {
            FusedTraining.Step step = each.forward(x, weights.apply(layer), layout, rows, all);
            SavedLayer saved = step.saved();
            onto.record(
                    () -> flow.put(training.with(
                            again -> again.backward(saved, weights.apply(layer), flow.take(), gradients))),
                    saved.held());
            return step.out();
        });
        Stage recomputing = (x, layer, rows, onto, flow) -> training.with(each -> {
            onto.record(
                    () -> flow.put(training.with(again -> again.backward(
                            again.forward(x, weights.apply(layer), layout, rows, false)
                                    .saved(),
                            weights.apply(layer),
                            flow.take(),
                            gradients))),
                    List.of(x));
            return each.forward(x, weights.apply(layer), layout, rows, false).out();
        });
        return new TapedLayers(tape, tape.keeping() == Keeping.READ ? recomputing : keeping, read);
    }

    /** By {@link EncoderLayer}, each computed again on the way back. */
    static TapedLayers recomputed(
            GradientTape tape, IntFunction<EncoderLayer> layers, SequenceLayout layout, Dropouts dropouts) {
        Stage stage = (x, layer, rows, onto, flow) -> {
            onto.record(() -> flow.put(back(layers.apply(layer), x, layout, dropouts, flow.take())), List.of(x));
            return layers.apply(layer).forward(x, layout, dropouts, null);
        };
        return new TapedLayers(tape, stage, null);
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
     * @return [rows that are read, dim] a leaf, whose gradient is the tape's beginning
     */
    Tensor run(Tensor embedded, int from, int to) {
        tape.record(() -> GradientTape.continueFrom(List.of(embedded), List.of(flow.take())), List.of(embedded));
        Tensor last = Native.withoutGradient(() -> {
            Tensor before = embedded.detach();
            for (int layer = from; layer < to; layer++) {
                int number = layer;
                Tensor x = before;
                RowSelection rows = layer == to - 1 ? read : null;
                before = Native.scoped(() -> stage.run(x, number, rows, tape, flow));
            }
            return before;
        });
        Tensor out = GradientTape.leaf(last);
        tape.record(() -> flow.put(out.grad()), List.of(out));
        return out;
    }
}
