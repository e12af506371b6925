package org.celllm.tasks.finetune;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.Dropouts;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/** Some cells of a step on their way through the encoder and back; one thread goes both ways. */
final class TunedChunk implements AutoCloseable {
    private final CellSequences cells;
    private final float @Nullable [] factors;
    private final GradientTape tape;
    private final Tensor encoded;
    private final Tensor leaf;

    private TunedChunk(CellSequences cells, float @Nullable [] factors, Tensor encoded, GradientTape tape) {
        this.cells = cells;
        this.factors = factors;
        this.tape = tape;
        this.encoded = Native.keep(encoded);
        this.leaf = Native.keep(GradientTape.leaf(encoded));
    }

    /**
     * Encodes.
     *
     * @param states of which the chunk's cells are {@code numbers}, {@code null} to run all layers
     */
    static TunedChunk of(CellLanguageModel model, CellSequences cells, @Nullable FrozenStates states, int[] numbers) {
        TunedChunk[] made = new TunedChunk[1];
        Native.run(() -> {
            GradientTape tape = new GradientTape();
            Tensor encoded = states == null
                    ? model.encode(cells, Dropouts.NONE, tape)
                    : model.encodeUpper(cells, states.of(numbers), tape);
            made[0] = new TunedChunk(cells, null, encoded, tape);
        });
        return made[0];
    }

    /**
     * Encodes some of the genes.
     *
     * @param whole the cells with all of their genes
     * @param thinned of the same cells
     * @param states of which the chunk's cells are {@code numbers}, {@code null} to run all layers
     * @param layers those that are trained: what is below the last has read the whole cells, where it is not
     */
    static TunedChunk of(
            CellLanguageModel model,
            CellSequences whole,
            ThinnedCells thinned,
            @Nullable FrozenStates states,
            int[] numbers,
            TrainedLayers layers) {
        TunedChunk[] made = new TunedChunk[1];
        Native.run(() -> {
            GradientTape tape = new GradientTape();
            Tensor encoded;
            if (layers == TrainedLayers.LAST) {
                Tensor lower = states == null ? model.lower(whole) : states.of(numbers);
                Tensor rows = TensorArrays.of(thinned.rows(), thinned.rows().length);
                encoded = model.encodeUpper(thinned.cells(), lower.index_select(0, rows), tape);
            } else {
                encoded = model.encode(thinned.cells(), Dropouts.NONE, tape);
            }
            made[0] = new TunedChunk(thinned.cells(), thinned.factors(), encoded, tape);
        });
        return made[0];
    }

    CellSequences cells() {
        return cells;
    }

    /** [cells] what the numbers of a cell's genes are multiplied by; {@code null} where all are there. */
    float @Nullable [] factors() {
        return factors;
    }

    /** [positions, dim] the encoding, as the loss reads it. */
    Tensor leaf() {
        return leaf;
    }

    /** Goes back, once the loss has left its gradient at {@link #leaf()}. */
    void back() {
        Native.run(() -> GradientTape.continueFrom(List.of(encoded), List.of(leaf.grad())));
        tape.backward();
    }

    @Override
    public void close() {
        tape.close();
        leaf.close();
        encoded.close();
    }
}
