package org.celllm.network.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.PaddingMode;
import org.celllm.network.Pooling;
import org.celllm.network.RandomCells;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
    private static final NetworkConfig CONFIG = RandomCells.config(2, 8, PaddingMode.PUBLISHED);
    private static final GeneVocabulary GENES =
            new GeneVocabulary(IntStream.range(0, 200).mapToObj(i -> "G" + i).toList());

    @TempDir
    Path folder;

    @Test
    void aModelComesBackAsItWasWritten() throws IOException {
        Path target = folder.resolve("model");
        ModelOptions options = new ModelOptions(7, true, Pooling.MEAN);
        try (CellLanguageModel model = CellLanguageModel.create(CONFIG, options, 5, Precision.FLOAT32)) {
            ModelFolder.write(
                    target, model, GENES, JsonNodeFactory.instance.objectNode().put("seed", 5));
            try (StoredModel stored = ModelFolder.read(target, Precision.FLOAT32)) {
                assertThat(stored.genes()).isEqualTo(GENES);
                assertThat(stored.provenance().get("seed").asInt()).isEqualTo(5);
                assertThat(stored.model().config()).isEqualTo(CONFIG);
                assertThat(stored.model().options()).isEqualTo(options);
                assertThat(stored.model().weights().keySet())
                        .containsExactlyElementsOf(model.weights().keySet());
                model.weights()
                        .forEach((name, weight) -> assertThat(TensorArrays.floats(
                                        stored.model().weights().get(name)))
                                .as(name)
                                .isEqualTo(TensorArrays.floats(weight)));
            }
        }
    }

    @Test
    void aModelThatDoesNotSayWhatItWasTrainedOnWasTrainedOnCls() throws IOException {
        Path target = folder.resolve("model");
        ModelOptions options = ModelOptions.PUBLISHED.with(Pooling.MEAN);
        try (CellLanguageModel model = CellLanguageModel.create(CONFIG, options, 5, Precision.FLOAT32)) {
            ModelFolder.write(target, model, GENES, JsonNodeFactory.instance.objectNode());
        }
        Path config = target.resolve("config.json");
        String text = Files.readString(config);
        assertThat(text).contains("\"MEAN\"");
        Files.writeString(config, text.replaceAll(",\\s*\"pooling\" : \"MEAN\"", ""));
        assertThat(Files.readString(config)).doesNotContain("pooling");
        try (StoredModel stored = ModelFolder.read(target, Precision.FLOAT32)) {
            assertThat(stored.model().options().pooling()).isEqualTo(Pooling.CLS);
        }
    }

    @Test
    void whatIsNoModelIsSaidToBeNone() {
        assertThatThrownBy(() -> ModelFolder.read(folder.resolve("absent"), Precision.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> ModelFolder.read(folder, Precision.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("config.json");
    }

    @Test
    void filesThatDoNotFitEachOtherAreNamed() throws IOException {
        try (CellLanguageModel model = CellLanguageModel.create(CONFIG, ModelOptions.PUBLISHED, 5, Precision.FLOAT32)) {
            ModelFolder.write(folder, model, GENES, JsonNodeFactory.instance.objectNode());
        }
        Path config = folder.resolve(ModelFolder.CONFIG);
        String json = Files.readString(config);
        Files.writeString(config, json.replace("\"dim\" : 24", "\"dim\" : 25"));
        assertThatThrownBy(() -> ModelFolder.read(folder, Precision.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("token_emb.weight")
                .hasMessageContaining("[8, 25]");
        Files.writeString(config, json.replace("\"dim\" : 24", "\"dim\" : -1"));
        assertThatThrownBy(() -> ModelFolder.read(folder, Precision.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("dim is -1");
        Files.writeString(config, json.replace("\"version\" : 1", "\"version\" : 9"));
        assertThatThrownBy(() -> ModelFolder.read(folder, Precision.FLOAT32)).hasMessageContaining("version 9");
        Files.writeString(config, json);
        Files.write(folder.resolve(ModelFolder.GENES), List.of("gene", "A", "B"));
        assertThatThrownBy(() -> ModelFolder.read(folder, Precision.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("2 genes");
        Files.write(folder.resolve(ModelFolder.WEIGHTS), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> ModelFolder.read(folder, Precision.FLOAT32)).isInstanceOf(InputException.class);
    }
}
