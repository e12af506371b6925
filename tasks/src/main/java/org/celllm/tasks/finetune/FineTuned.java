package org.celllm.tasks.finetune;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.Dropouts;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Workers;
import org.celllm.network.weights.PublishedClassifier;
import org.celllm.network.weights.StoredModel;
import org.celllm.training.memory.FreedMemory;
import org.jspecify.annotations.Nullable;

/**
 * A model with the published classifier on top: it names cells.
 *
 * <p>Thread safe. {@link #close()} frees model and classifier, which it owns.
 */
public final class FineTuned implements AutoCloseable {
    /** Positions encoded at once by each worker. */
    private static final int POSITIONS = 1 << 13;

    private final StoredModel stored;
    private final PublishedClassifier classifier;
    private final List<Epoch> epochs;
    private final FreedMemory freed;

    /**
     * What an epoch came to.
     *
     * @param training mean loss of its training cells
     * @param validation mean loss of the cells that were not trained on; NaN where there are none
     */
    public record Epoch(double training, double validation) {}

    /**
     * @param stored the model; closed with this
     * @param classifier on top of it; closed with this
     * @param epochs of its training, as far as they are known
     */
    public FineTuned(StoredModel stored, PublishedClassifier classifier, List<Epoch> epochs) {
        this(stored, classifier, epochs, Long.MAX_VALUE);
    }

    /**
     * The same within a budget.
     *
     * @param memory resident bytes of the process above which freed memory is given back
     */
    public FineTuned(StoredModel stored, PublishedClassifier classifier, List<Epoch> epochs, long memory) {
        this.freed = FreedMemory.within(memory);
        this.stored = stored;
        this.classifier = classifier;
        this.epochs = List.copyOf(epochs);
    }

    /** The model. */
    public StoredModel stored() {
        return stored;
    }

    /** The classifier on top of it. */
    public PublishedClassifier classifier() {
        return classifier;
    }

    /** What the epochs of its training came to; empty where it was read from a folder. */
    public List<Epoch> epochs() {
        return epochs;
    }

    /**
     * Natural logarithms of the classes' probabilities.
     *
     * @return [cells][classes]
     */
    public double[][] logProbabilities(CellSequences cells, Workers workers) {
        return logProbabilities(cells, null, workers);
    }

    /**
     * The same, with what is known of the cells already.
     *
     * @param states of the cells, {@code null} to run all layers
     */
    public double[][] logProbabilities(CellSequences cells, @Nullable FrozenStates states, Workers workers) {
        List<int[]> pieces = CellPieces.of(cells, POSITIONS);
        double[][] logs = new double[cells.cells()][];
        workers.run(workers.count(), pieces.size(), (worker, piece) -> {
            int[] piecesCells = pieces.get(piece);
            float[][] rows = logs(cells.select(piecesCells), states, piecesCells);
            for (int i = 0; i < rows.length; i++) {
                double[] row = new double[rows[i].length];
                for (int c = 0; c < row.length; c++) {
                    row[c] = rows[i][c];
                }
                logs[piecesCells[i]] = row;
            }
            freed.check();
        });
        return logs;
    }

    private float[][] logs(CellSequences cells, @Nullable FrozenStates states, int[] numbers) {
        CellLanguageModel model = stored.model();
        float[][][] rows = new float[1][][];
        Native.runWithoutGradient(() -> {
            Tensor encoded = states == null
                    ? model.encode(cells, Dropouts.NONE)
                    : model.encodeUpper(cells, states.of(numbers), null);
            Tensor logits = classifier.logits(encoded, cells, model.config().genes());
            rows[0] = TensorArrays.rows(torch.log_softmax(logits, 1));
        });
        return rows[0];
    }

    @Override
    public void close() {
        classifier.close();
        stored.close();
    }
}
