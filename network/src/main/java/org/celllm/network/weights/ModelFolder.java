package org.celllm.network.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.safetensors.SafetensorsFile;
import org.celllm.data.safetensors.SafetensorsWriter;
import org.celllm.data.safetensors.TensorEntry;
import org.celllm.data.safetensors.TensorSource;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.runtime.Precision;

/**
 * A model in a folder: {@code config.json}, {@code model.safetensors}, {@code genes.tsv}, {@code provenance.json},
 * and {@code MODEL_CARD.md} for people. Nothing in it can run code, and nothing is allocated before it was checked
 * against the size of the file.
 */
public final class ModelFolder {
    /** The network's size and kind. Written last, so that a folder with it is whole. */
    public static final String CONFIG = "config.json";
    /** The weights by published name. */
    public static final String WEIGHTS = "model.safetensors";
    /** One gene name a line under the header {@code gene}. */
    public static final String GENES = "genes.tsv";
    /** Where the model came from. */
    public static final String PROVENANCE = "provenance.json";

    private static final String FORMAT = "celllm-model";
    private static final int VERSION = 1;
    private static final long LARGEST_TEXT = 64L << 20;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private ModelFolder() {}

    /** Whether {@code folder} is a model. */
    public static boolean isModel(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG)) && Files.isRegularFile(folder.resolve(WEIGHTS));
    }

    /**
     * Writes a model, each file safely, the configuration last.
     *
     * @param folder made when it is not there
     * @param provenance where the model came from
     */
    public static void write(Path folder, CellLanguageModel model, GeneVocabulary genes, JsonNode provenance)
            throws IOException {
        List<TensorSource> tensors = new ArrayList<>();
        model.weights().forEach((name, tensor) -> tensors.add(TensorBytes.source(name, tensor)));
        write(folder, model.config(), model.options(), tensors, genes, provenance);
    }

    /** The same with a classifier beside the network's own weights. */
    public static void write(
            Path folder,
            CellLanguageModel model,
            PublishedClassifier classifier,
            GeneVocabulary genes,
            JsonNode provenance)
            throws IOException {
        List<TensorSource> tensors = new ArrayList<>();
        model.weights().forEach((name, tensor) -> tensors.add(TensorBytes.source(name, tensor)));
        classifier.weights().forEach((name, tensor) -> tensors.add(TensorBytes.source(name, tensor)));
        write(folder, model.config(), model.options(), tensors, genes, provenance);
    }

    /**
     * Writes a model whose weights come from elsewhere.
     *
     * @param tensors the weights of the network, in any floating-point format, and whatever else belongs to the model
     */
    static void write(
            Path folder,
            NetworkConfig network,
            ModelOptions options,
            List<TensorSource> tensors,
            GeneVocabulary genes,
            JsonNode provenance)
            throws IOException {
        if (genes.size() != network.genes()) {
            throw new IllegalArgumentException(genes.size() + " genes for a network with " + network.genes());
        }
        Files.createDirectories(folder);
        SafetensorsWriter.write(folder.resolve(WEIGHTS), Map.of("format", FORMAT), tensors);
        SafeFiles.text(folder.resolve(GENES), "gene\n" + String.join("\n", genes.names()) + "\n");
        SafeFiles.text(folder.resolve(PROVENANCE), JSON.writeValueAsString(provenance) + "\n");
        NetworkCard.of(network, provenance).write(folder);
        ObjectNode config = JSON.createObjectNode();
        config.put("format", FORMAT).put("version", VERSION);
        config.set("network", JSON.valueToTree(network));
        config.set("options", JSON.valueToTree(options));
        SafeFiles.text(folder.resolve(CONFIG), JSON.writeValueAsString(config) + "\n");
    }

    /**
     * Reads a model.
     *
     * @param precision number formats to run it in
     * @throws InputException when the folder is no model, or its files do not fit each other
     */
    public static StoredModel read(Path folder, Precision precision) throws IOException {
        if (!isModel(folder)) {
            throw InputException.about(folder)
                    .found(Files.exists(folder) ? "is not a model" : "does not exist")
                    .expected("a folder with " + CONFIG + " and " + WEIGHTS)
                    .remedy("Make one with `celllm pretrain` or `celllm import`")
                    .build();
        }
        JsonNode json = json(folder.resolve(CONFIG));
        if (!FORMAT.equals(json.path("format").asText()) || json.path("version").asInt() != VERSION) {
            throw InputException.about(folder.resolve(CONFIG))
                    .found("format " + json.path("format").asText("(none)") + ", version "
                            + json.path("version").asText("(none)"))
                    .expected("format " + FORMAT + ", version " + VERSION)
                    .remedy(
                            json.path("format").asText().equals("celllm-annotator")
                                    ? "This is an annotator: the model it was fitted with is " + folder.resolve("model")
                                            + ", where it has a copy of it"
                                    : "Read it with the release that wrote it, or import the model again")
                    .build();
        }
        NetworkConfig config = part(folder, json, "network", NetworkConfig.class);
        ModelOptions options = part(folder, json, "options", ModelOptions.class);
        GeneVocabulary genes = genes(folder.resolve(GENES), config);
        JsonNode provenance = Files.isRegularFile(folder.resolve(PROVENANCE))
                ? json(folder.resolve(PROVENANCE))
                : JSON.createObjectNode();
        return new StoredModel(weights(folder.resolve(WEIGHTS), config, options, precision), genes, provenance);
    }

    private static CellLanguageModel weights(Path path, NetworkConfig config, ModelOptions options, Precision precision)
            throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return CellLanguageModel.of(config, options, precision, (name, shape) -> weight(file, name, shape));
        } catch (UncheckedIOException e) {
            throw new IOException(e.getCause());
        }
    }

    private static Tensor weight(SafetensorsFile file, String name, long[] shape) {
        TensorEntry entry = file.tensor(name);
        if (!Arrays.equals(entry.shape(), shape) || !entry.type().isFloating()) {
            throw InputException.about(file.path())
                    .at("tensor " + name)
                    .found("is " + entry.type() + " " + Arrays.toString(entry.shape()))
                    .expected("floating numbers " + Arrays.toString(shape) + ", as " + CONFIG + " says")
                    .build();
        }
        try {
            return TensorBytes.read(file, entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GeneVocabulary genes(Path path, NetworkConfig config) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw InputException.about(path).found("does not exist").build();
        }
        checkSize(path);
        List<String> lines = new ArrayList<>(Files.readAllLines(path));
        if (!lines.isEmpty() && lines.get(0).equals("gene")) {
            lines.remove(0);
        }
        if (lines.size() != config.genes()) {
            throw InputException.about(path)
                    .found(lines.size() + " genes")
                    .expected(config.genes() + ", as " + CONFIG + " says")
                    .build();
        }
        try {
            return new GeneVocabulary(lines);
        } catch (IllegalArgumentException e) {
            throw InputException.about(path)
                    .found(String.valueOf(e.getMessage()))
                    .build(e);
        }
    }

    private static <T> T part(Path folder, JsonNode json, String name, Class<T> type) {
        try {
            T value = JSON.treeToValue(json.path(name), type);
            if (value == null) {
                throw InputException.about(folder.resolve(CONFIG))
                        .at(name)
                        .found("is not there")
                        .build();
            }
            return value;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw InputException.about(folder.resolve(CONFIG))
                    .at(name)
                    .found("cannot be understood: " + e.getMessage())
                    .build(e);
        }
    }

    private static JsonNode json(Path path) throws IOException {
        checkSize(path);
        try {
            return JSON.readTree(Files.readString(path));
        } catch (JsonProcessingException | java.nio.charset.CharacterCodingException e) {
            throw InputException.about(path).found("is not JSON").build(e);
        }
    }

    private static void checkSize(Path path) throws IOException {
        if (Files.size(path) > LARGEST_TEXT) {
            throw InputException.about(path)
                    .found(Files.size(path) + " bytes")
                    .expected("at most " + LARGEST_TEXT)
                    .build();
        }
    }
}
