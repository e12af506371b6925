package org.celllm.network.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.safetensors.SafetensorsFile;
import org.celllm.data.safetensors.StoredType;
import org.celllm.data.safetensors.TensorEntry;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.Dropouts;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.PaddingMode;
import org.celllm.network.RandomCells;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedWeightsTest {
    private static final NetworkConfig CONFIG = RandomCells.config(2, 8, PaddingMode.PUBLISHED);
    private static final GeneVocabulary GENES =
            new GeneVocabulary(IntStream.range(0, 200).mapToObj(i -> "G" + i).toList());

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "'', FloatStorage, F32, 0",
        "module., FloatStorage, F32, 0",
        "encoder., HalfStorage, F16, 2e-2",
        "module.encoder., DoubleStorage, F64, 1e-6",
        "encoder.module., BFloat16Storage, BF16, 0.2"
    })
    void aCheckpointBecomesAFolderThatLosesNothing(String prefix, String storage, StoredType type, double tolerance)
            throws IOException {
        Path target = folder.resolve("model");
        try (CellLanguageModel model = CellLanguageModel.create(CONFIG, ModelOptions.PUBLISHED, 5, Precision.FLOAT32)) {
            Map<String, byte[]> storages = new LinkedHashMap<>();
            Path file = write(model, prefix, storage, storages);
            try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(file)) {
                PublishedWeights weights = PublishedWeights.in(checkpoint, file);
                assertThat(weights.others(CONFIG)).containsExactly(prefix + "calls_since_last_redraw", "conv.weight");
                weights.write(target, 64, GENES, JsonNodeFactory.instance.objectNode());
            }
            try (SafetensorsFile written = SafetensorsFile.open(target.resolve(ModelFolder.WEIGHTS))) {
                storages.forEach((name, bytes) -> {
                    String stored = model.weights().containsKey(name) || name.startsWith("conv") ? name : prefix + name;
                    assertThat(bytes(written, stored)).as(stored).isEqualTo(bytes);
                });
                assertThat(written.tensor("token_emb.weight").type()).isEqualTo(type);
                assertThat(written.tensor(prefix + "calls_since_last_redraw").shape())
                        .isEmpty();
            }
            CellSequences cells = RandomCells.of(CONFIG, 3, 5, 17);
            try (StoredModel stored = ModelFolder.read(target, Precision.FLOAT32)) {
                assertThat(stored.model().config().padding()).isEqualTo(PaddingMode.PUBLISHED);
                assertThat(encode(stored.model(), cells)).containsExactly(encode(model, cells), within(tolerance));
            }
        }
    }

    @Test
    void weightsThatAreNoFloatingNumbersAreRefused() throws IOException {
        try (CellLanguageModel model = CellLanguageModel.create(CONFIG, ModelOptions.PUBLISHED, 5, Precision.FLOAT32)) {
            Path file = write(model, "", "LongStorage", new LinkedHashMap<>());
            try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(file)) {
                PublishedWeights weights = PublishedWeights.in(checkpoint, file);
                assertThatThrownBy(() -> weights.config(64))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("floating");
            }
        }
    }

    private Path write(CellLanguageModel model, String prefix, String storage, Map<String, byte[]> storages)
            throws IOException {
        ScalarType type = switch (storage) {
            case "HalfStorage" -> ScalarType.Half;
            case "DoubleStorage" -> ScalarType.Double;
            case "BFloat16Storage" -> ScalarType.BFloat16;
            case "LongStorage" -> ScalarType.Long;
            default -> ScalarType.Float;
        };
        TorchArchive archive =
                new TorchArchive().raw('}').text("model_state_dict").raw('}', '(');
        model.weights().forEach((name, weight) -> {
            if (!name.startsWith("disease_head")) {
                archive.text(prefix + name).tensor(storage, name, TensorArrays.shape(weight));
                Native.run(() -> storages.put(name, bytes(weight.to(type).contiguous())));
            }
        });
        archive.text(prefix + "calls_since_last_redraw").tensor("LongStorage", "calls_since_last_redraw");
        storages.put("calls_since_last_redraw", new byte[] {7, 0, 0, 0, 0, 0, 0, 0});
        archive.text("conv.weight").tensor("FloatStorage", "conv.weight", 1, 1, 1, 2);
        storages.put("conv.weight", new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        return archive.raw('u', 's', '.').write(folder.resolve("checkpoint.pth"), storages);
    }

    private static byte[] bytes(Tensor tensor) {
        byte[] bytes = new byte[(int) (tensor.numel() * tensor.element_size())];
        TensorBytes.view(tensor, 0, bytes.length).get(bytes);
        return bytes;
    }

    private static byte[] bytes(SafetensorsFile file, String name) {
        TensorEntry entry = file.tensor(name);
        byte[] bytes = new byte[(int) (entry.end() - entry.begin())];
        try {
            file.read(entry, 0, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes;
    }

    private static double[] encode(CellLanguageModel model, CellSequences cells) {
        double[][] encoded = new double[1][];
        Native.runWithoutGradient(() -> encoded[0] = TensorArrays.doubles(model.encodeCls(cells, Dropouts.NONE)));
        return encoded[0];
    }
}
