package org.celllm.network.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.InputException;
import org.celllm.data.safetensors.SafetensorsFile;
import org.celllm.data.safetensors.TensorEntry;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/**
 * The cell-type classifier that was published with CellLM, on top of a model that was imported with it: every position of
 * an encoding becomes one number, max(0, encoding · conv + bias); the numbers are laid out over all genes and CLS, 0 where
 * a cell does not express a gene; three linear layers with ReLU between them make logits of it.
 *
 * <p>Holds native memory: close it. Any number of threads may use it.
 */
public final class PublishedClassifier implements AutoCloseable {
    private static final String CONV = "conv.";
    private static final String[] LAYERS = {"pred_head.1.", "pred_head.4.", "pred_head.7."};

    private final Tensor conv;
    private final Tensor convBias;
    private final List<Tensor> weights = new ArrayList<>();
    private final List<Tensor> biases = new ArrayList<>();

    private PublishedClassifier(SafetensorsFile file, int dim, int genes) throws IOException {
        conv = read(file, CONV + "weight", dim).reshape(dim, 1);
        convBias = read(file, CONV + "bias", 1);
        long width = genes + 1L;
        for (String layer : LAYERS) {
            long[] shape = file.tensor(layer + "weight").shape();
            if (shape.length != 2 || shape[1] != width) {
                throw InputException.about(file.path())
                        .at("tensor " + layer + "weight")
                        .found("has shape " + Arrays.toString(shape))
                        .expected("[any, " + width + "]")
                        .build();
            }
            weights.add(read(file, layer + "weight", shape[0] * shape[1]).reshape(shape));
            biases.add(read(file, layer + "bias", shape[0]));
            width = shape[0];
        }
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
        PublishedClassifier[] made = new PublishedClassifier[1];
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(ModelFolder.WEIGHTS))) {
            Native.run(() -> {
                try {
                    PublishedClassifier classifier = new PublishedClassifier(
                            file, model.config().dim(), model.config().genes());
                    classifier.tensors().forEach(Native::keep);
                    made[0] = classifier;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw new IOException(e.getCause());
        }
        return made[0];
    }

    /** How many cell types it tells apart. */
    public int classes() {
        return (int) biases.get(biases.size() - 1).numel();
    }

    /**
     * Logits of cells.
     *
     * @param encoded [positions, dim] as {@link CellLanguageModel#encode} gives it for {@code cells}
     * @param genes of the model's vocabulary
     * @return [cells, classes]
     */
    public Tensor logits(Tensor encoded, CellSequences cells, int genes) {
        return Native.scoped(() -> {
            Tensor numbers = torch.relu(
                            encoded.to(conv.scalar_type()).matmul(conv).add(convBias))
                    .reshape(-1);
            long width = genes + 1L;
            Tensor places = TensorArrays.of(places(cells, genes), cells.positions());
            Tensor x = TensorArrays.zeros(conv.scalar_type(), cells.cells() * width)
                    .index_add(0, places, numbers)
                    .reshape(cells.cells(), width);
            for (int layer = 0; layer < weights.size(); layer++) {
                x = torch.linear(torch.relu(x), weights.get(layer), new TensorOptional(biases.get(layer)));
            }
            return x;
        });
    }

    @Override
    public void close() {
        tensors().forEach(Tensor::close);
    }

    private List<Tensor> tensors() {
        List<Tensor> all = new ArrayList<>(List.of(conv, convBias));
        all.addAll(weights);
        all.addAll(biases);
        return all;
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
        return TensorBytes.read(file, entry)
                .to(org.bytedeco.pytorch.global.torch.ScalarType.Float)
                .reshape(-1);
    }
}
