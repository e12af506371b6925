package org.celllm.tasks.finetune;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.Dropouts;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.jspecify.annotations.Nullable;

/** Some cells of a step on their way through the encoder and back; one thread goes both ways. */
final class TunedChunk implements AutoCloseable {
    private final CellSequences cells;
    private final GradientTape tape;
    private final Tensor encoded;
    private final Tensor leaf;

    private TunedChunk(CellSequences cells, Tensor encoded, GradientTape tape) {
        this.cells = cells;
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
            made[0] = new TunedChunk(cells, encoded, tape);
        });
        return made[0];
    }

    CellSequences cells() {
        return cells;
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
