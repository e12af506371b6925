package org.celllm.network.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.InputException;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.safetensors.SafetensorsFile;
import org.celllm.data.safetensors.TensorEntry;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.NetworkConfig;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/**
 * The cell-type classifier that was published with CellLM: imported with a model, or fitted anew. Every position of
 * an encoding becomes one number, max(0, encoding · conv + bias); the numbers are laid out over all genes and CLS, 0 where
 * a cell does not express a gene; three linear layers with ReLU between them make logits of it. The checkpoint does not say what dropped out while it was trained; the widths between the
 * layers of a new one are those of scBERT's head (Yang et al. 2022), on which CellLM's is modelled.
 *
 * <p>Holds native memory: close it. Any number of threads may use it.
 */
public final class PublishedClassifier implements AutoCloseable {
    private static final String CONV = "conv.";
    private static final String[] LAYERS = {"pred_head.1.", "pred_head.4.", "pred_head.7."};
    private static final long FIRST_WEIGHTS = 0xC1A55;

    /** In the order of the checkpoint: [1, 1, 1, dim] and [1], then [to, from] and [to] of each linear layer. */
    private final Map<String, Tensor> weights = new LinkedHashMap<>();

    /**
     * Widths between the linear layers.
     *
     * @param first of the outputs of the first
     * @param second of the outputs of the second
     */
    public record Widths(int first, int second) {
        /** What is taken where nothing else is said. */
        public static final Widths USUAL = new Widths(512, 100);

        public Widths {
            if (first < 1 || second < 1) {
                throw new IllegalArgumentException("hidden layers of " + first + " and " + second);
            }
        }
    }

    private PublishedClassifier() {}

    /**
     * A classifier to be trained, with first weights as PyTorch draws them: uniform within 1/√inputs.
     *
     * @param classes at least two
     * @param seed decides every weight
     */
    public static PublishedClassifier create(int dim, int genes, Widths hidden, int classes, long seed) {
        if (classes < 2) {
            throw new IllegalArgumentException(classes + " classes");
        }
        int[] widths = {hidden.first(), hidden.second(), classes};
        PublishedClassifier made = new PublishedClassifier();
        Native.run(() -> {
            made.draw(CONV, new long[] {1, 1, 1, dim}, 1, seed);
            long width = genes + 1L;
            for (int layer = 0; layer < LAYERS.length; layer++) {
                made.draw(LAYERS[layer], new long[] {widths[layer], width}, widths[layer], seed);
                width = widths[layer];
            }
        });
        return made;
    }

    private void draw(String layer, long[] shape, long biases, long seed) {
        double bound = 1 / Math.sqrt((double) shape[shape.length - 1]);
        put(layer + "weight", drawn(bound, seed, shape));
        put(layer + "bias", drawn(bound, seed, biases));
    }

    private Tensor drawn(double bound, long seed, long... shape) {
        long count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, size);
        }
        float[] values = new float[Math.toIntExact(count)];
        long key = KeyedRandom.key(seed, FIRST_WEIGHTS, weights.size());
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * KeyedRandom.uniform(key, i) - 1) * bound);
        }
        Tensor tensor = TensorArrays.of(values, shape);
        tensor.set_requires_grad(true);
        return tensor;
    }

    private void put(String name, Tensor tensor) {
        weights.put(name, Native.keep(tensor));
    }

    /** Whether a model's folder holds such a classifier. */
    public static boolean isIn(Path model) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(model.resolve(ModelFolder.WEIGHTS))) {
            return file.find(CONV + "weight") != null && file.find(LAYERS[0] + "weight") != null;
        }
    }

    /**
     * Reads the classifier of a model.
     *
     * @param folder the model's folder, as {@code celllm import} writes it
     * @param model the same model, opened
     * @throws InputException when there is none, or its weights do not fit the model
     */
    public static PublishedClassifier read(Path folder, CellLanguageModel model) throws IOException {
        PublishedClassifier made = new PublishedClassifier();
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(ModelFolder.WEIGHTS))) {
            Native.run(() -> {
                try {
                    made.read(file, model.config());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            made.close();
            throw new IOException(e.getCause());
        } catch (InputException e) {
            made.close();
            throw e;
        }
        return made;
    }

    private void read(SafetensorsFile file, NetworkConfig network) throws IOException {
        put(CONV + "weight", read(file, CONV + "weight", network.dim()).reshape(1, 1, 1, network.dim()));
        put(CONV + "bias", read(file, CONV + "bias", 1));
        long width = network.genes() + 1L;
        for (String layer : LAYERS) {
            long[] shape = file.tensor(layer + "weight").shape();
            if (shape.length != 2 || shape[1] != width) {
                throw InputException.about(file.path())
                        .at("tensor " + layer + "weight")
                        .found("has shape " + Arrays.toString(shape))
                        .expected("[any, " + width + "]")
                        .build();
            }
            put(
                    layer + "weight",
                    read(file, layer + "weight", shape[0] * shape[1]).reshape(shape));
            put(layer + "bias", read(file, layer + "bias", shape[0]));
            width = shape[0];
        }
    }

    /** All its weights by the names they have in a published checkpoint, in a fixed order; unmodifiable. */
    public Map<String, Tensor> weights() {
        return Collections.unmodifiableMap(weights);
    }

    /** How many cell types it tells apart. */
    public int classes() {
        return (int) weight(LAYERS[LAYERS.length - 1] + "bias").numel();
    }

    /** Changes what a hidden layer gives, by its number: dropout while training. */
    @FunctionalInterface
    public interface Drop {
        /** Nothing drops out. */
        Drop NONE = (values, layer) -> values;

        /**
         * @param values [cells, width]
         * @return of the same shape
         */
        Tensor apply(Tensor values, int layer);
    }

    /**
     * Logits of cells.
     *
     * @param encoded [positions, dim] as {@link CellLanguageModel#encode} gives it for {@code cells}
     * @param genes of the model's vocabulary
     * @return [cells, classes]
     */
    public Tensor logits(Tensor encoded, CellSequences cells, int genes) {
        return Native.scoped(() -> classify(laidOut(encoded, cells, genes), Drop.NONE));
    }

    /**
     * The number of each position, laid out over genes and CLS: the first step of {@link #logits}.
     *
     * @param encoded [positions, dim]
     * @return [cells, genes + 1]
     */
    public Tensor laidOut(Tensor encoded, CellSequences cells, int genes) {
        return Native.scoped(() -> {
            Tensor conv = weight(CONV + "weight");
            Tensor numbers = torch.relu(encoded.to(conv.scalar_type())
                            .matmul(conv.reshape(-1, 1))
                            .add(weight(CONV + "bias")))
                    .reshape(-1);
            long width = genes + 1L;
            Tensor places = TensorArrays.of(places(cells, genes), cells.positions());
            return TensorArrays.zeros(conv.scalar_type(), cells.cells() * width)
                    .index_add(0, places, numbers)
                    .reshape(cells.cells(), width);
        });
    }

    /**
     * The linear layers: the second step of {@link #logits}.
     *
     * @param laidOut [cells, genes + 1]
     * @return [cells, classes]
     */
    public Tensor classify(Tensor laidOut, Drop drop) {
        return Native.scoped(() -> {
            Tensor x = laidOut;
            for (int layer = 0; layer < LAYERS.length; layer++) {
                Tensor read = torch.relu(x);
                x = torch.linear(
                        layer == 0 ? read : drop.apply(read, layer),
                        weight(LAYERS[layer] + "weight"),
                        new TensorOptional(weight(LAYERS[layer] + "bias")));
            }
            return x;
        });
    }

    @Override
    public void close() {
        weights.values().forEach(Tensor::close);
        weights.clear();
    }

    private Tensor weight(String name) {
        Tensor tensor = weights.get(name);
        if (tensor == null) {
            throw new IllegalStateException("no weight " + name + " (or the classifier is closed)");
        }
        return tensor;
    }

    /** Where each row of an encoding goes among [cells, genes + 1]; CLS stands last. */
    private static long[] places(CellSequences cells, int genes) {
        long[] places = new long[cells.positions()];
        for (int cell = 0; cell < cells.cells(); cell++) {
            long from = cell * (genes + 1L);
            int row = cells.clsRow(cell);
            places[row] = from + genes;
            for (int i = 0; i < cells.length(cell); i++) {
                places[row + 1 + i] = from + cells.genes()[cells.offsets()[cell] + i];
            }
        }
        return places;
    }

    private static Tensor read(SafetensorsFile file, String name, long elements) throws IOException {
        TensorEntry entry = file.tensor(name);
        if (entry.elements() != elements || !entry.type().isFloating()) {
            throw InputException.about(file.path())
                    .at("tensor " + name)
                    .found("is " + entry.type() + " " + Arrays.toString(entry.shape()))
                    .expected(elements + " floating-point numbers")
                    .build();
        }
        return TensorBytes.read(file, entry).to(ScalarType.Float).reshape(-1);
    }
}
