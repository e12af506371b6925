package org.celllm.tasks.finetune;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.InputException;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.PaddingMode;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Workers;
import org.celllm.network.weights.ModelFolder;
import org.celllm.network.weights.PublishedClassifier;
import org.celllm.network.weights.StoredModel;
import org.celllm.tasks.baselines.ClassWeights;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.evaluate.Splits;
import org.celllm.training.optimiser.AdamW;
import org.jspecify.annotations.Nullable;

/**
 * Fine-tunes a model as published (CellLM, arXiv 2306.04371): Adam on the last layer, the final norm and the classifier (or,
 * where it is asked for, on all layers), with cross-entropy in which a cell counts (1 − share of its class)². A pure function of model, cells, settings, the number
 * of workers, the number format and whether states of the frozen layers were kept (which changes rounding alone).
 */
public final class FineTuning {
    private static final long EPOCH = 0xE90C;
    private static final long DROP = 0xD209;
    private static final long HIDE = 0x41DE;
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.999, 1e-8, 0);

    private final StoredModel stored;
    private final PublishedClassifier classifier;
    private final LabelledSequences cells;
    private final @Nullable FrozenStates states;
    private final FineTuneSettings settings;
    private final Workers workers;
    private final double[] weights;
    private final List<CellLanguageModel> replicas = new ArrayList<>();
    private long steps;

    private FineTuning(
            StoredModel stored,
            LabelledSequences cells,
            @Nullable FrozenStates states,
            FineTuneSettings settings,
            Workers workers,
            int[] training) {
        this.stored = stored;
        this.cells = cells;
        this.states = states;
        this.settings = settings;
        this.workers = workers;
        this.weights = new double[cells.codes().length];
        double[] theirs = settings.classWeights().of(Split.codes(cells.codes(), training), cells.classes());
        for (int i = 0; i < training.length; i++) {
            weights[training[i]] = theirs[i];
        }
        CellLanguageModel model = stored.model();
        if (settings.layers() == TrainedLayers.LAST) {
            model.trainLastLayerOnly();
        }
        this.classifier = PublishedClassifier.create(
                model.config().dim(), model.config().genes(), settings.hidden(), cells.classes(), settings.seed());
        for (int i = 1; i < workers.count(); i++) {
            replicas.add(model.replica());
        }
    }

    /**
     * Fine-tunes a copy of a model; its folder stays as it is.
     *
     * @param folder the model
     * @param cells to train on, at least two
     * @param states of these cells, {@code null} where all layers are trained or have to be run; of another model than the
     *     folder's they are nonsense
     * @return the model after its best epoch; the caller closes it
     * @throws InputException when the folder is no model, or training diverges
     */
    public static FineTuned run(
            Path folder,
            Precision precision,
            LabelledSequences cells,
            @Nullable FrozenStates states,
            FineTuneSettings settings,
            Workers workers,
            Progress progress)
            throws IOException {
        if (states != null && settings.layers() != TrainedLayers.LAST) {
            throw new IllegalArgumentException("layers that are trained have no states to keep");
        }
        StoredModel stored = ModelFolder.read(folder, precision);
        int all = cells.codes().length;
        Split split = settings.validation() > 0
                ? Splits.holdOut(cells.codes(), cells.classes(), settings.validation(), settings.seed())
                : new Split("all", IntStream.range(0, all).toArray(), new int[0]);
        FineTuning tuning = new FineTuning(stored, cells, states, settings, workers, split.train());
        try {
            return tuning.run(split, progress);
        } catch (RuntimeException | Error e) {
            tuning.classifier.close();
            stored.close();
            throw e;
        } finally {
            tuning.replicas.forEach(CellLanguageModel::close);
        }
    }

    private FineTuned run(Split split, Progress progress) {
        Map<String, Tensor> parameters = new LinkedHashMap<>(stored.model().trainable());
        parameters.putAll(classifier.weights());
        List<FineTuned.Epoch> epochs = new ArrayList<>();
        FineTuned tuned = new FineTuned(stored, classifier, List.of());
        Snapshot best = null;
        int bestEpoch = -1;
        int perEpoch = (split.train().length + settings.batch() - 1) / settings.batch();
        try (AdamW optimiser = new AdamW(parameters, ADAM);
                Progress.Task task = progress.start("Fine-tuning", "steps", (long) perEpoch * settings.epochs())) {
            for (int epoch = 0; epoch < settings.epochs() && epoch - bestEpoch <= settings.patience(); epoch++) {
                double training = epoch(epoch, split.train(), optimiser, task);
                double validation = split.test().length == 0 ? Double.NaN : loss(tuned, split.test());
                epochs.add(new FineTuned.Epoch(training, validation));
                task.note(String.format(Locale.ROOT, "loss %.3f, held out %.3f", training, validation));
                if (best == null
                        || Double.isNaN(validation)
                        || validation < epochs.get(bestEpoch).validation()) {
                    if (best != null) {
                        best.close();
                    }
                    best = new Snapshot(parameters);
                    bestEpoch = epoch;
                }
            }
            if (best != null) {
                best.restore(parameters);
            }
        } finally {
            if (best != null) {
                best.close();
            }
        }
        return new FineTuned(stored, classifier, epochs);
    }

    /** One pass over the training cells; their mean loss. */
    private double epoch(int epoch, int[] training, AdamW optimiser, Progress.Task task) {
        int[] order = KeyedRandom.of(settings.seed(), EPOCH, epoch).permutation(training.length);
        double sum = 0;
        for (int from = 0; from < order.length; from += settings.batch()) {
            int[] batch = Arrays.stream(order, from, Math.min(order.length, from + settings.batch()))
                    .map(i -> training[i])
                    .toArray();
            optimiser.zeroGradients();
            double loss = step(batch);
            if (!Double.isFinite(loss)) {
                throw InputException.about("epoch " + (epoch + 1) + " of fine-tuning")
                        .found("the loss is " + loss)
                        .remedy("Lower the learning rate")
                        .build();
            }
            optimiser.step(settings.learningRate());
            sum += loss * batch.length;
            task.advance(1);
        }
        return sum / order.length;
    }

    /** Gradients of one batch; its loss. */
    private double step(int[] batch) {
        // Cells of like length side by side share the work out evenly.
        int[] sorted = IntStream.of(batch)
                .boxed()
                .sorted(Comparator.comparingInt(cells.sequences()::length))
                .mapToInt(Integer::intValue)
                .toArray();
        int active = Math.min(workers.count(), sorted.length);
        List<int[]> shares = shares(sorted, active);
        TunedChunk[] chunks = new TunedChunk[active];
        double[] loss = new double[1];
        try {
            workers.run(active, active, (worker, i) -> chunks[i] = chunk(model(worker), shares.get(i)));
            Native.run(() -> loss[0] = differentiate(chunks, shares));
            workers.run(active, active, (worker, i) -> chunks[i].back());
        } finally {
            for (TunedChunk chunk : chunks) {
                if (chunk != null) {
                    chunk.close();
                }
            }
        }
        replicas.forEach(stored.model()::takeGradients);
        steps++;
        return loss[0];
    }

    private TunedChunk chunk(CellLanguageModel model, int[] numbers) {
        CellSequences whole = cells.sequences().select(numbers);
        if (settings.hide() == 0) {
            return TunedChunk.of(model, whole, states, numbers);
        }
        ThinnedCells thinned = ThinnedCells.of(
                whole,
                numbers,
                settings.hide(),
                KeyedRandom.key(settings.seed(), HIDE, steps),
                model.config().padding() == PaddingMode.NONE ? 0 : 1);
        return TunedChunk.of(model, whole, thinned, states, numbers, settings.layers());
    }

    /** Every {@code active}-th cell to each worker. */
    private static List<int[]> shares(int[] sorted, int active) {
        List<int[]> shares = new ArrayList<>();
        for (int worker = 0; worker < active; worker++) {
            int first = worker;
            shares.add(IntStream.range(0, sorted.length)
                    .filter(i -> i % active == first)
                    .map(i -> sorted[i])
                    .toArray());
        }
        return shares;
    }

    private CellLanguageModel model(int worker) {
        return worker == 0 ? stored.model() : replicas.get(worker - 1);
    }

    /** The loss, whose gradient goes to the classifier and to the leaves of the chunks. */
    private double differentiate(TunedChunk[] chunks, List<int[]> shares) {
        int genes = stored.model().config().genes();
        TensorVector laidOut = new TensorVector();
        for (TunedChunk chunk : chunks) {
            laidOut.push_back(scaled(classifier.laidOut(chunk.leaf(), chunk.cells(), genes), genes, chunk.factors()));
        }
        int[] order = shares.stream().flatMapToInt(Arrays::stream).toArray();
        Tensor logits = classifier.classify(torch.cat(laidOut, 0), this::drop);
        Tensor loss = crossEntropy(logits, order);
        loss.backward();
        return loss.item_double();
    }

    /** Makes up for genes that were left out; CLS never is. */
    private static Tensor scaled(Tensor laidOut, int genes, float @Nullable [] factors) {
        if (factors == null) {
            return laidOut;
        }
        Tensor ofGenes = laidOut.narrow(1, 0, genes).mul(TensorArrays.of(factors, factors.length, 1));
        return torch.cat(new TensorVector(ofGenes, laidOut.narrow(1, genes, 1)), 1);
    }

    /** Mean of −log p(class), in which cells count by their class. */
    private Tensor crossEntropy(Tensor logits, int[] order) {
        long[] codes =
                IntStream.of(order).mapToLong(cell -> cells.codes()[cell]).toArray();
        double[] counts = IntStream.of(order).mapToDouble(cell -> weights[cell]).toArray();
        double sum = Arrays.stream(counts).sum();
        Tensor picked = torch.log_softmax(logits, 1).gather(1, TensorArrays.of(codes, codes.length, 1));
        Tensor weight = TensorArrays.of(counts, counts.length, 1).to(logits.scalar_type());
        return picked.mul(weight).sum().mul(new Scalar(-1 / sum));
    }

    /** Dropout: a pure function of seed, step and layer. */
    private Tensor drop(Tensor values, int layer) {
        if (settings.dropout() == 0) {
            return values;
        }
        long key = KeyedRandom.key(settings.seed(), DROP, steps, layer);
        float kept = (float) (1 / (1 - settings.dropout()));
        float[] mask = new float[(int) values.numel()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = KeyedRandom.uniform(key, i) < settings.dropout() ? 0 : kept;
        }
        return values.mul(TensorArrays.of(mask, TensorArrays.shape(values)));
    }

    /** Mean of −log p(class) of cells that are not trained on, every class counting the same. */
    private double loss(FineTuned tuned, int[] held) {
        double[][] logs = tuned.logProbabilities(
                cells.sequences().select(held), states == null ? null : states.select(held), workers);
        int[] codes = Split.codes(cells.codes(), held);
        double[] counts = ClassWeights.BALANCED.of(codes, cells.classes());
        double sum = 0;
        for (int i = 0; i < codes.length; i++) {
            sum -= counts[i] * logs[i][codes[i]];
        }
        return sum / codes.length;
    }

    /** The weights as they were. */
    private static final class Snapshot implements AutoCloseable {
        private final Map<String, Tensor> copies = new LinkedHashMap<>();

        Snapshot(Map<String, Tensor> parameters) {
            parameters.forEach((name, tensor) -> Native.runWithoutGradient(
                    () -> copies.put(name, Native.keep(tensor.detach().clone()))));
        }

        void restore(Map<String, Tensor> parameters) {
            copies.forEach((name, copy) -> Native.runWithoutGradient(
                    () -> parameters.getOrDefault(name, copy).detach().copy_(copy)));
        }

        @Override
        public void close() {
            copies.values().forEach(Tensor::close);
        }
    }
}
