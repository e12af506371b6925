package org.celllm.network.weights;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.safetensors.TensorSource;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.PaddingMode;
import org.celllm.network.WeightShapes;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/**
 * Builds a model from a published checkpoint: the network's size follows from the shapes of the weights, all but the
 * longest sequence, which is not in the file.
 *
 * <p>Names may stand under {@code module.}, {@code encoder.} or both. Weights that a published checkpoint lacks (our
 * disease head) start at zero.
 */
public final class PublishedWeights {
    private static final String[] PREFIXES = {"", "module.", "encoder.", "module.encoder.", "encoder.module."};

    private final PyTorchCheckpoint checkpoint;
    private final String subject;
    private final String prefix;
    private final Map<String, long[]> shapes;

    private PublishedWeights(PyTorchCheckpoint checkpoint, String subject, String prefix, Map<String, long[]> shapes) {
        this.checkpoint = checkpoint;
        this.subject = subject;
        this.prefix = prefix;
        this.shapes = shapes;
    }

    /**
     * Finds the network in a checkpoint.
     *
     * @param subject the checkpoint's name for errors
     * @throws InputException when no published network is in it
     */
    public static PublishedWeights in(PyTorchCheckpoint checkpoint, Object subject) {
        Map<String, long[]> shapes = checkpoint.shapes();
        for (String prefix : PREFIXES) {
            if (shapes.containsKey(prefix + WeightShapes.TOKENS) && shapes.containsKey(prefix + WeightShapes.GENES)) {
                return new PublishedWeights(checkpoint, subject.toString(), prefix, shapes);
            }
        }
        throw InputException.about(subject)
                .found("has no weights of a CellLM network; it starts with "
                        + shapes.keySet().stream().limit(3).toList())
                .expected(WeightShapes.TOKENS + " and " + WeightShapes.GENES)
                .build();
    }

    /**
     * The network's size.
     *
     * @param maxLength longest sequence, CLS included; 6,000 in the published configuration
     * @throws InputException when the shapes do not fit each other
     */
    public NetworkConfig config(int maxLength) {
        long[] tokens = shape(WeightShapes.TOKENS);
        long[] genes = shape(WeightShapes.GENES);
        long[] directions = shape(WeightShapes.directions(0));
        String query = WeightShapes.attention(0) + "fn.to_q";
        long[] inner = shape(query + ".weight");
        long[] hidden = shape(WeightShapes.feedForward(0) + "fn.fn.w1.weight");
        int depth = 0;
        while (shapes.containsKey(prefix + WeightShapes.directions(depth))) {
            depth++;
        }
        try {
            NetworkConfig config = new NetworkConfig(
                    Math.toIntExact(tokens[1]),
                    depth,
                    Math.toIntExact(inner[0] / directions[1]),
                    Math.toIntExact(directions[1]),
                    Math.toIntExact(directions[0]),
                    Math.toIntExact(hidden[0] / tokens[1]),
                    Math.toIntExact(tokens[0]),
                    Math.toIntExact(genes[0] - 2),
                    maxLength,
                    shapes.containsKey(prefix + query + ".bias"),
                    PaddingMode.PUBLISHED,
                    0);
            WeightShapes.of(config, ModelOptions.PUBLISHED).forEach((name, shape) -> {
                if (!isOurs(name)) {
                    requireShape(name, shape);
                    requireFloating(name);
                }
            });
            return config;
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw InputException.about(subject)
                    .found("has weights that do not fit each other: " + e.getMessage())
                    .build(e);
        }
    }

    /**
     * The model.
     *
     * @param maxLength as for {@link #config}
     */
    public CellLanguageModel model(int maxLength, Precision precision) throws IOException {
        try {
            return CellLanguageModel.of(config(maxLength), ModelOptions.PUBLISHED, precision, this::weight);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getCause());
        }
    }

    /**
     * Writes the model as a folder. Nothing of the checkpoint is lost: every tensor is stored bit by bit in its own number
     * format, those of the encoder without prefix, all others ({@link #others}) under their own names.
     *
     * @param maxLength as for {@link #config}
     * @param genes in the order of the gene table
     */
    public void write(Path folder, int maxLength, GeneVocabulary genes, JsonNode provenance) throws IOException {
        NetworkConfig config = config(maxLength);
        Map<String, TensorSource> tensors = new LinkedHashMap<>();
        WeightShapes.of(config, ModelOptions.PUBLISHED)
                .forEach((name, shape) ->
                        tensors.put(name, isOurs(name) ? zeros(name, shape) : checkpoint.source(prefix + name, name)));
        for (String name : others(config)) {
            if (tensors.put(name, checkpoint.source(name, name)) != null) {
                throw InputException.about(subject)
                        .at(name)
                        .found("is there twice, with and without " + prefix)
                        .build();
            }
        }
        ModelFolder.write(folder, config, ModelOptions.PUBLISHED, List.copyOf(tensors.values()), genes, provenance);
    }

    /** Names of the tensors that are no part of the encoder, such as those of a classifier; without prefix. */
    public List<String> others(NetworkConfig config) {
        List<String> others = new ArrayList<>();
        Map<String, long[]> known = new LinkedHashMap<>(WeightShapes.of(config, ModelOptions.PUBLISHED));
        for (String name : shapes.keySet()) {
            boolean under = name.startsWith(prefix);
            if (!under || !known.containsKey(name.substring(prefix.length()))) {
                others.add(name);
            }
        }
        return others;
    }

    private Tensor weight(String name, long[] shape) {
        if (isOurs(name)) {
            return TensorArrays.zeros(Precision.FLOAT32.stored(), shape);
        }
        try {
            return checkpoint.read(prefix + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TensorSource zeros(String name, long[] shape) {
        return TensorSource.of(name, new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)], shape);
    }

    private static boolean isOurs(String name) {
        return name.equals(WeightShapes.DISEASE_HEAD) || name.equals(WeightShapes.DISEASE_HEAD_BIAS);
    }

    private long[] shape(String name) {
        long[] shape = find(name);
        if (shape == null || shape.length != 2 || shape[0] < 1 || shape[1] < 1) {
            throw InputException.about(subject)
                    .at(prefix + name)
                    .found(shape == null ? "is not in the checkpoint" : "has shape " + Arrays.toString(shape))
                    .expected("a matrix")
                    .build();
        }
        return shape;
    }

    private void requireShape(String name, long[] expected) {
        long[] shape = find(name);
        if (!Arrays.equals(shape, expected)) {
            throw InputException.about(subject)
                    .at(prefix + name)
                    .found(shape == null ? "is not in the checkpoint" : "has shape " + Arrays.toString(shape))
                    .expected(Arrays.toString(expected))
                    .build();
        }
    }

    private void requireFloating(String name) {
        if (!checkpoint.isFloating(prefix + name)) {
            throw InputException.about(subject)
                    .at(prefix + name)
                    .found("holds integers")
                    .expected("floating-point numbers")
                    .build();
        }
    }

    private long @Nullable [] find(String name) {
        return shapes.get(prefix + name);
    }
}
