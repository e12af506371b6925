package org.celllm.tasks.annotate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.features.GeneScaling;
import org.celllm.data.features.PrincipalComponents;
import org.celllm.data.features.Standardisation;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.safetensors.SafetensorsFile;
import org.celllm.data.safetensors.SafetensorsWriter;
import org.celllm.data.safetensors.TensorEntry;
import org.celllm.data.safetensors.TensorSource;
import org.celllm.network.Pooling;
import org.celllm.tasks.baselines.LogisticRegression;

/**
 * An annotator's own files: {@code config.json} (labels, members, the model's hash), {@code head.safetensors},
 * {@code genes.tsv} (the wide path's genes); the model stands beside them in {@code model/}, the training report in
 * {@code report.json} and, for people, in {@code MODEL_CARD.md}. Nothing in them can run code; every size is checked against the file before it is used.
 */
final class AnnotatorFolder {
    static final String CONFIG = "config.json";
    static final String HEAD = "head.safetensors";
    static final String GENES = "genes.tsv";
    static final String REPORT = "report.json";
    static final String MODEL = "model";

    private static final String FORMAT = "celllm-annotator";
    private static final int VERSION = 1;
    private static final String KIND_TUNED = "published classifier";
    private static final long LARGEST_TEXT = 64L << 20;
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private AnnotatorFolder() {}

    /**
     * What is stored.
     *
     * @param labels the classes' names
     * @param head the fitted head
     * @param inputs how its features are made
     * @param pooling of the encoder
     * @param modelHash of the model folder
     */
    record Stored(List<String> labels, AnnotationHead head, HeadInputs inputs, Pooling pooling, String modelHash) {}

    static void write(Path folder, Stored stored, JsonNode report) throws IOException {
        List<TensorSource> tensors = new ArrayList<>();
        int classes = stored.labels().size();
        for (AnnotationHead.Member member : stored.head().members()) {
            String name = member.kind().word();
            double[] weights = member.regression().weights();
            tensors.add(TensorSource.of(name + ".weights", weights, weights.length / classes, classes));
            tensors.add(
                    TensorSource.of(name + ".intercepts", member.regression().intercepts(), classes));
        }
        PrincipalComponents components = stored.inputs().components();
        GeneScaling scaling = components.scaling();
        int kept = scaling.genes().length;
        tensors.add(TensorSource.of("components.genes", scaling.genes(), kept));
        tensors.add(TensorSource.of("components.mean", scaling.mean(), kept));
        tensors.add(TensorSource.of("components.deviation", scaling.deviation(), kept));
        tensors.add(TensorSource.of("components.loadings", components.loadings(), kept, components.components()));
        tensors.add(TensorSource.of("components.centre", components.centre(), components.components()));
        tensors.add(TensorSource.of("components.variance", components.variance(), components.components()));
        Standardisation standardisation = stored.inputs().standardisation();
        int dim = standardisation.mean().length;
        tensors.add(TensorSource.of("embedding.mean", standardisation.mean(), dim));
        tensors.add(TensorSource.of("embedding.deviation", standardisation.deviation(), dim));
        SafetensorsWriter.write(folder.resolve(HEAD), Map.of("format", FORMAT), tensors);
        SafeFiles.text(
                folder.resolve(GENES),
                "gene\n" + String.join("\n", stored.inputs().genes().names()) + "\n");
        SafeFiles.text(folder.resolve(REPORT), JSON.writeValueAsString(report) + "\n");
        AnnotatorCard.of(stored.labels(), report).write(folder);
        SafeFiles.text(folder.resolve(CONFIG), JSON.writeValueAsString(config(stored, scaling.clip())) + "\n");
    }

    /**
     * What is stored of an annotator whose model has the published classifier.
     *
     * @param labels the classes' names
     * @param modelHash of the model folder
     */
    record Tuned(List<String> labels, String modelHash) {}

    /** Whether the annotator's model has the published classifier, and is all there is. */
    static boolean isTuned(Path folder) throws IOException {
        return KIND_TUNED.equals(config(folder).path("kind").asText());
    }

    static void writeTuned(Path folder, Tuned stored, JsonNode report) throws IOException {
        ObjectNode config = JSON.createObjectNode();
        config.put("format", FORMAT).put("version", VERSION).put("kind", KIND_TUNED);
        config.put("modelHash", stored.modelHash());
        stored.labels().forEach(config.putArray("labels")::add);
        SafeFiles.text(folder.resolve(REPORT), JSON.writeValueAsString(report) + "\n");
        AnnotatorCard.of(stored.labels(), report).write(folder);
        SafeFiles.text(folder.resolve(CONFIG), JSON.writeValueAsString(config) + "\n");
    }

    static Tuned readTuned(Path folder) throws IOException {
        JsonNode config = config(folder);
        return new Tuned(labels(config), config.path("modelHash").asText());
    }

    private static JsonNode config(Path folder) throws IOException {
        Path configFile = folder.resolve(CONFIG);
        if (!Files.isRegularFile(configFile)) {
            throw notThere(folder);
        }
        JsonNode config = json(configFile);
        if (!FORMAT.equals(config.path("format").asText())
                || config.path("version").asInt() != VERSION) {
            throw InputException.about(configFile)
                    .found("format " + config.path("format").asText("(none)") + ", version "
                            + config.path("version").asText("(none)"))
                    .expected("format " + FORMAT + ", version " + VERSION)
                    .remedy(
                            config.path("format").asText().equals("celllm-model")
                                    ? "This is a model, which has no labels: fit an annotator with `celllm annotate fit "
                                            + folder + " LABELLED.h5ad --label COLUMN --out ANNOTATOR`"
                                    : "Read it with the release that wrote it, or fit it again")
                    .build();
        }
        return config;
    }

    private static InputException notThere(Path folder) {
        return InputException.about(folder)
                .found(Files.exists(folder) ? "is not an annotator" : "does not exist")
                .expected("a folder with " + CONFIG + " and " + HEAD)
                .remedy("Make one with `celllm annotate fit` or `celllm sensitivity fit`")
                .build();
    }

    private static List<String> labels(JsonNode config) {
        List<String> labels = new ArrayList<>();
        config.path("labels").forEach(label -> labels.add(label.asText()));
        return labels;
    }

    static Stored read(Path folder) throws IOException {
        JsonNode config = config(folder);
        if (!Files.isRegularFile(folder.resolve(HEAD))) {
            throw notThere(folder);
        }
        List<String> labels = labels(config);
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(HEAD))) {
            GeneVocabulary genes = genes(folder.resolve(GENES));
            List<AnnotationHead.Member> members = new ArrayList<>();
            for (JsonNode member : config.path("members")) {
                HeadMember kind =
                        HeadMember.valueOf(member.path("member").asText().toUpperCase(Locale.ROOT));
                members.add(new AnnotationHead.Member(
                        kind,
                        member.path("strength").asDouble(),
                        member.path("weight").asDouble(),
                        new LogisticRegression(
                                doubles(file, kind.word() + ".weights"), doubles(file, kind.word() + ".intercepts"))));
            }
            GeneScaling scaling = new GeneScaling(
                    indices(file, genes.size()),
                    doubles(file, "components.mean"),
                    doubles(file, "components.deviation"),
                    config.path("clip").asDouble());
            double[] centre = doubles(file, "components.centre");
            PrincipalComponents components = new PrincipalComponents(
                    scaling,
                    doubles(file, "components.loadings"),
                    centre.length,
                    centre,
                    doubles(file, "components.variance"));
            Standardisation standardisation =
                    new Standardisation(doubles(file, "embedding.mean"), doubles(file, "embedding.deviation"));
            AnnotationHead head = new AnnotationHead(members, labels.size());
            HeadInputs inputs = new HeadInputs(genes, components, standardisation);
            checkSizes(head, inputs);
            Pooling pooling = Pooling.of(config.path("pooling").asText());
            return new Stored(
                    labels, head, inputs, pooling, config.path("modelHash").asText());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw InputException.about(folder)
                    .found("its files do not fit each other: " + e.getMessage())
                    .remedy("Fit the annotator again")
                    .build(e);
        }
    }

    private static ObjectNode config(Stored stored, double clip) {
        ObjectNode config = JSON.createObjectNode();
        config.put("format", FORMAT).put("version", VERSION);
        config.put("modelHash", stored.modelHash());
        config.put("pooling", stored.pooling().word());
        config.put("clip", clip);
        stored.labels().forEach(config.putArray("labels")::add);
        ArrayNode members = config.putArray("members");
        for (AnnotationHead.Member member : stored.head().members()) {
            members.addObject()
                    .put("member", member.kind().word())
                    .put("strength", member.strength())
                    .put("weight", member.weight());
        }
        return config;
    }

    private static void checkSizes(AnnotationHead head, HeadInputs inputs) {
        int dim = inputs.standardisation().mean().length;
        int fifteen = Math.min(15, inputs.components().components());
        for (AnnotationHead.Member member : head.members()) {
            int features = switch (member.kind()) {
                case EMBEDDING -> dim;
                case GENES, ROOTS -> inputs.genes().size();
                case COMPONENTS, SPREAD_COMPONENTS -> fifteen;
                case MORE_COMPONENTS -> inputs.components().components();
                case EMBEDDING_AND_COMPONENTS, SPREAD -> dim + fifteen;
            };
            LogisticRegression regression = member.regression();
            if (regression.classes() != head.classes()
                    || regression.weights().length != (long) features * head.classes()) {
                throw new IllegalArgumentException("member " + member.kind().word() + " has "
                        + regression.weights().length + " weights for " + features + " features and " + head.classes()
                        + " classes");
            }
        }
    }

    private static double[] doubles(SafetensorsFile file, String name) throws IOException {
        TensorEntry entry = file.tensor(name);
        double[] values = new double[Math.toIntExact(entry.elements())];
        file.doubles(entry, 0, values, 0, values.length);
        return values;
    }

    private static int[] indices(SafetensorsFile file, int genes) throws IOException {
        TensorEntry entry = file.tensor("components.genes");
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.allocate(Math.toIntExact(entry.elements() * 4))
                .order(java.nio.ByteOrder.LITTLE_ENDIAN);
        file.read(entry, 0, buffer);
        int[] values = new int[buffer.flip().remaining() / 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.getInt(4 * i);
            if (values[i] < 0 || values[i] >= genes || (i > 0 && values[i] <= values[i - 1])) {
                throw new IllegalArgumentException("components.genes names gene " + values[i] + " of " + genes);
            }
        }
        return values;
    }

    private static GeneVocabulary genes(Path path) throws IOException {
        List<String> lines = new ArrayList<>(text(path).lines().toList());
        if (!lines.isEmpty() && lines.get(0).equals("gene")) {
            lines.remove(0);
        }
        return new GeneVocabulary(lines);
    }

    private static JsonNode json(Path path) throws IOException {
        try {
            return JSON.readTree(text(path));
        } catch (JsonProcessingException e) {
            throw InputException.about(path).found("is not JSON").build(e);
        }
    }

    private static String text(Path path) throws IOException {
        if (Files.size(path) > LARGEST_TEXT) {
            throw InputException.about(path)
                    .found(Files.size(path) + " bytes")
                    .expected("at most " + LARGEST_TEXT)
                    .build();
        }
        try {
            return Files.readString(path);
        } catch (CharacterCodingException e) {
            throw InputException.about(path).found("is not text in UTF-8").build(e);
        }
    }
}
