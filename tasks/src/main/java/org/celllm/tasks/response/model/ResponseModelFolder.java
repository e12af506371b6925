package org.celllm.tasks.response.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.safetensors.SafetensorsFile;
import org.celllm.data.safetensors.SafetensorsWriter;
import org.celllm.data.safetensors.TensorEntry;
import org.celllm.data.safetensors.TensorSource;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.tasks.drug.Molecule;
import org.celllm.tasks.drug.SmilesReader;
import org.celllm.tasks.response.LineTables;
import org.celllm.tasks.response.NamedFeatures;
import org.celllm.tasks.response.SplitKind;
import org.jspecify.annotations.Nullable;

/**
 * A response model's files: {@code response.json} (names, settings, blends, the card) and {@code response.safetensors} (all
 * numbers), with {@code MODEL_CARD.md} for people. Nothing in them can run code; every size is checked against the file before it is used.
 */
public final class ResponseModelFolder {
    /** Names, settings, blends and the card. */
    public static final String CONFIG = "response.json";
    /** The numbers. */
    public static final String WEIGHTS = "response.safetensors";

    private static final String FORMAT = "celllm-response";
    private static final int VERSION = 2;
    private static final long LARGEST_TEXT = 64L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ResponseModelFolder() {}

    /**
     * A model and what its folder says of it.
     *
     * @param model the caller closes it
     * @param card what {@link #write} was given
     */
    public record Stored(ResponseModel model, JsonNode card) {}

    /**
     * Writes a model's files into a folder that is being made.
     *
     * @param card data, scores and limits, for people and programs
     */
    public static void write(Path folder, ResponseModel model, JsonNode card) throws IOException {
        TrainedPairProcess wide = model.wide();
        List<TensorSource> tensors = new ArrayList<>();
        int drugs = wide.drugs().size();
        int lines = wide.lines().size();
        tensors.add(TensorSource.of("wide.mean", wide.covariance().mean(), drugs));
        tensors.add(TensorSource.of(
                "wide.covariance", Matrices.flat(wide.covariance().covariance()), drugs, drugs));
        tensors.add(TensorSource.of("wide.weights", wide.weights(), lines, drugs));
        tensors.add(TensorSource.of(
                "wide.rows", Matrices.flat(wide.rows()), lines, wide.features().size()));
        DrugSimilarity similarity = wide.similarity();
        if (similarity != null && similarity.kernel() instanceof DrugKernel.OfFeatures features) {
            int columns = features.trained().columns().size();
            tensors.add(TensorSource.of("wide.drugs", flat(features.trained().values()), drugs, columns));
        }
        put(tensors, "wide", wide.features());
        for (int m = 0; m < model.deep().members().size(); m++) {
            TrainedPairNetworks.Member member = model.deep().members().get(m);
            String name = "deep." + m;
            put(tensors, name, member.scales().features());
            member.network()
                    .weights()
                    .forEach((weight, tensor) -> tensors.add(TensorSource.of(
                            name + "." + weight, TensorArrays.floats(tensor), TensorArrays.shape(tensor))));
        }
        SafetensorsWriter.write(folder.resolve(WEIGHTS), Map.of("format", FORMAT), tensors);
        ResponseCard.of(card).write(folder);
        SafeFiles.text(
                folder.resolve(CONFIG),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config(model, card)) + "\n");
    }

    private static void put(List<TensorSource> tensors, String name, LineFeatures features) {
        for (int t = 0; t < features.tables().size(); t++) {
            LineFeatures.Table table = features.tables().get(t);
            int columns = table.columns().size();
            tensors.add(TensorSource.of(name + ".features." + t + ".mean", table.mean(), columns));
            tensors.add(TensorSource.of(name + ".features." + t + ".factor", table.factor(), columns));
        }
    }

    private static float[] flat(float[][] rows) {
        int columns = rows[0].length;
        float[] flat = new float[Math.multiplyExact(rows.length, columns)];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * columns, columns);
        }
        return flat;
    }

    private static ObjectNode config(ResponseModel model, JsonNode card) {
        TrainedPairProcess wide = model.wide();
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("format", FORMAT).put("version", VERSION);
        config.set("card", card);
        wide.lines().forEach(config.putArray("lines")::add);
        wide.drugs().forEach(config.putArray("drugs")::add);
        List<Molecule> molecules = model.molecules();
        if (molecules != null) {
            molecules.stream().map(Molecule::smiles).forEach(config.putArray("smiles")::add);
        }
        model.kinds().stream().map(LineTables.Kind::word).forEach(config.putArray("kinds")::add);
        ArrayNode tables = config.putArray("tables");
        model.columns().forEach(columns -> columns.forEach(tables.addArray()::add));
        ObjectNode first = config.putObject("wide");
        first.put("shape", wide.kernel().shape().name())
                .put("same", wide.kernel().same())
                .put("scale", wide.kernel().scale())
                .put("noise", wide.covariance().noise())
                .put("chosen", wide.chosen());
        DrugSimilarity similarity = wide.similarity();
        if (similarity != null) {
            first.put("penalty", similarity.penalty());
            if (similarity.kernel() instanceof DrugKernel.OfFeatures features) {
                features.trained().columns().forEach(first.putArray("drugFeatures")::add);
            }
        }
        PairNetworkScales scales = model.deep().members().get(0).scales();
        ObjectNode second = config.putObject("deep");
        second.put("members", model.deep().members().size())
                .put("factor", scales.factor())
                .put("mean", scales.mean())
                .put("deviation", scales.deviation())
                .put("molecules", scales.withMolecules())
                .put("chosen", model.deep().chosen());
        second.set("settings", JSON.valueToTree(NetworkSettings.USUAL));
        ObjectNode blends = config.putObject("blends");
        model.blends().forEach((kind, blend) -> {
            ObjectNode one = blends.putObject(kind.word());
            one.put("mean", blend.mean()).put("error", model.expectedError(kind));
            for (double weight : blend.weights()) {
                one.withArray("weights").add(weight);
            }
        });
        return config;
    }

    /**
     * Reads a model.
     *
     * @throws InputException when the folder is no response model, of another version, or damaged
     */
    public static Stored read(Path folder) throws IOException {
        Path configFile = folder.resolve(CONFIG);
        if (!Files.isRegularFile(configFile) || !Files.isRegularFile(folder.resolve(WEIGHTS))) {
            throw InputException.about(folder)
                    .found(Files.exists(folder) ? "is not a response model" : "does not exist")
                    .expected("a folder with " + CONFIG + " and " + WEIGHTS)
                    .remedy("Make one with `celllm response fit`")
                    .build();
        }
        JsonNode config = json(configFile);
        if (!FORMAT.equals(config.path("format").asText())
                || config.path("version").asInt() != VERSION) {
            throw InputException.about(configFile)
                    .found("format " + config.path("format").asText("(none)") + ", version "
                            + config.path("version").asText("(none)"))
                    .expected("format " + FORMAT + ", version " + VERSION)
                    .remedy("Read it with the release that wrote it, or fit it again")
                    .build();
        }
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(WEIGHTS))) {
            List<Molecule> molecules = molecules(config, texts(config.path("drugs")));
            TrainedPairProcess wide = wide(config, file, molecules);
            Map<SplitKind, Blend> blends = new EnumMap<>(SplitKind.class);
            Map<SplitKind, Double> errors = new EnumMap<>(SplitKind.class);
            for (SplitKind kind : SplitKind.values()) {
                JsonNode one = config.path("blends").path(kind.word());
                double[] weights = new double[one.path("weights").size()];
                for (int i = 0; i < weights.length; i++) {
                    weights[i] = one.path("weights").path(i).asDouble();
                }
                blends.put(kind, new Blend(one.path("mean").asDouble(), weights));
                errors.put(kind, one.path("error").asDouble());
            }
            List<LineTables.Kind> kinds = texts(config.path("kinds")).stream()
                    .map(LineTables.Kind::of)
                    .toList();
            TrainedPairNetworks deep = deep(config, file);
            try {
                return new Stored(new ResponseModel(wide, deep, blends, errors, kinds, molecules), config.path("card"));
            } catch (RuntimeException | Error e) {
                deep.close();
                throw e;
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw InputException.about(folder)
                    .found("its files do not fit each other: " + e.getMessage())
                    .remedy("Fit the model again")
                    .build(e);
        }
    }

    private static @Nullable List<Molecule> molecules(JsonNode config, List<String> drugs) {
        if (!config.has("smiles")) {
            return null;
        }
        List<String> smiles = texts(config.path("smiles"));
        if (smiles.size() != drugs.size()) {
            throw new IllegalArgumentException(smiles.size() + " SMILES for " + drugs.size() + " drugs");
        }
        List<Molecule> molecules = new ArrayList<>();
        for (int d = 0; d < smiles.size(); d++) {
            molecules.add(SmilesReader.read(drugs.get(d), smiles.get(d)));
        }
        return molecules;
    }

    private static TrainedPairProcess wide(JsonNode config, SafetensorsFile file, @Nullable List<Molecule> molecules)
            throws IOException {
        List<String> lines = texts(config.path("lines"));
        List<String> drugs = texts(config.path("drugs"));
        JsonNode part = config.path("wide");
        LineFeatures features = features(config, file, "wide");
        DrugKernel drugKernel = molecules == null ? null : DrugKernel.OfMolecules.of(molecules);
        if (part.has("drugFeatures")) {
            List<String> columns = texts(part.path("drugFeatures"));
            double[][] values = rows(file, "wide.drugs", drugs.size(), columns.size());
            float[][] narrow = new float[values.length][columns.size()];
            for (int i = 0; i < narrow.length; i++) {
                for (int j = 0; j < columns.size(); j++) {
                    narrow[i][j] = (float) values[i][j];
                }
            }
            drugKernel = new DrugKernel.OfFeatures(new NamedFeatures(drugs, columns, narrow));
        }
        @Nullable
        DrugSimilarity similarity = drugKernel == null
                ? null
                : new DrugSimilarity(drugKernel, part.path("penalty").asDouble());
        return new TrainedPairProcess(
                features,
                new LineKernel(
                        LineKernel.Shape.valueOf(part.path("shape").asText()),
                        part.path("same").asDouble(),
                        part.path("scale").asDouble()),
                lines,
                rows(file, "wide.rows", lines.size(), features.size()),
                drugs,
                new DrugCovariance(
                        numbers(file, "wide.mean", drugs.size()),
                        rows(file, "wide.covariance", drugs.size(), drugs.size()),
                        part.path("noise").asDouble()),
                similarity,
                numbers(file, "wide.weights", lines.size(), drugs.size()),
                part.path("chosen").asText());
    }

    private static TrainedPairNetworks deep(JsonNode config, SafetensorsFile file) throws IOException {
        JsonNode part = config.path("deep");
        NetworkSettings settings;
        try {
            settings = JSON.treeToValue(part.path("settings"), NetworkSettings.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the deep path's settings cannot be read", e);
        }
        List<TrainedPairNetworks.Member> members = new ArrayList<>();
        try {
            for (int m = 0; m < part.path("members").asInt(); m++) {
                String name = "deep." + m;
                PairNetworkScales scales = new PairNetworkScales(
                        features(config, file, name),
                        part.path("factor").asDouble(),
                        texts(config.path("lines")),
                        texts(config.path("drugs")),
                        part.path("molecules").asBoolean(),
                        part.path("mean").asDouble(),
                        part.path("deviation").asDouble());
                check(file, name + ".line.0.weight", scales.features().size(), 2L * settings.width());
                check(file, name + ".line.same", scales.lines().size(), settings.dim());
                check(file, name + ".drug.same", scales.drugs().size(), settings.dim());
                PairNetwork network = scales.network(settings, 0);
                members.add(new TrainedPairNetworks.Member(scales, network));
                for (Map.Entry<String, Tensor> weight : network.weights().entrySet()) {
                    fill(file, name + "." + weight.getKey(), weight.getValue());
                }
            }
            if (members.isEmpty()) {
                throw new IllegalArgumentException("a deep path without networks");
            }
            return new TrainedPairNetworks(members, part.path("chosen").asText());
        } catch (IOException | RuntimeException | Error e) {
            members.forEach(member -> member.network().close());
            throw e;
        }
    }

    private static void fill(SafetensorsFile file, String name, Tensor weight) throws IOException {
        long[] shape = TensorArrays.shape(weight);
        check(file, name, shape);
        float[] values = file.floats(name);
        Native.runWithoutGradient(() -> weight.detach().copy_(TensorArrays.of(values, shape)));
    }

    private static LineFeatures features(JsonNode config, SafetensorsFile file, String name) throws IOException {
        List<LineFeatures.Table> tables = new ArrayList<>();
        for (int t = 0; t < config.path("tables").size(); t++) {
            List<String> columns = texts(config.path("tables").path(t));
            tables.add(new LineFeatures.Table(
                    columns,
                    numbers(file, name + ".features." + t + ".mean", columns.size()),
                    numbers(file, name + ".features." + t + ".factor", columns.size())));
        }
        return new LineFeatures(tables);
    }

    private static TensorEntry check(SafetensorsFile file, String name, long... shape) {
        TensorEntry entry = file.tensor(name);
        if (!java.util.Arrays.equals(entry.shape(), shape)) {
            throw new IllegalArgumentException(name + " has the shape " + java.util.Arrays.toString(entry.shape())
                    + " instead of " + java.util.Arrays.toString(shape));
        }
        return entry;
    }

    private static double[] numbers(SafetensorsFile file, String name, long... shape) throws IOException {
        TensorEntry entry = check(file, name, shape);
        double[] values = new double[Math.toIntExact(entry.elements())];
        file.doubles(entry, 0, values, 0, values.length);
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(name + " holds " + value);
            }
        }
        return values;
    }

    private static double[][] rows(SafetensorsFile file, String name, int rows, int columns) throws IOException {
        double[] flat = numbers(file, name, rows, columns);
        double[][] values = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(flat, i * columns, values[i], 0, columns);
        }
        return values;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static JsonNode json(Path path) throws IOException {
        if (Files.size(path) > LARGEST_TEXT) {
            throw InputException.about(path)
                    .found(Files.size(path) + " bytes")
                    .expected("at most " + LARGEST_TEXT)
                    .build();
        }
        try {
            return JSON.readTree(Files.readString(path));
        } catch (JsonProcessingException e) {
            throw InputException.about(path).found("is not JSON").build(e);
        } catch (CharacterCodingException e) {
            throw InputException.about(path).found("is not text in UTF-8").build(e);
        }
    }
}
