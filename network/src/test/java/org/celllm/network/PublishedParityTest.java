package org.celllm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Torch;
import org.celllm.network.weights.ModelFolder;
import org.celllm.network.weights.PublishedClassifier;
import org.celllm.network.weights.PublishedWeights;
import org.celllm.network.weights.PyTorchCheckpoint;
import org.celllm.network.weights.StoredModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares with figures that were computed with the published network. */
class PublishedParityTest {
    @BeforeAll
    static void threads() {
        Torch.configure(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "bias"})
    void encodingsAndLogitsAreThoseOfThePublishedNetwork(String folder) throws IOException {
        Reference reference = Reference.open(folder);
        NpyArray encodings = reference.array("encodings_batch1.npy");
        NpyArray logits = reference.array("logits_batch1.npy");
        CellSequences cells = reference.cells();
        try (CellLanguageModel model = reference.model(Precision.FLOAT32)) {
            Native.runWithoutGradient(() -> {
                Tensor encoded = model.encode(cells, Dropouts.NONE);
                double[] ours = TensorArrays.doubles(encoded);
                double[] oursCls = TensorArrays.doubles(model.encodeCls(cells, Dropouts.NONE));
                double[] oursLogits = TensorArrays.doubles(model.tokenLogits(encoded));
                int dim = model.config().dim();
                int tokens = model.config().tokens();
                double worst = 0;
                for (int cell = 0; cell < cells.cells(); cell++) {
                    int from = cells.clsRow(cell);
                    int to = from + cells.length(cell) + 1;
                    worst = Math.max(
                            worst, difference(encodings.row(cell), Arrays.copyOfRange(ours, from * dim, to * dim)));
                    assertThat(difference(
                                    encodings.row(cell), Arrays.copyOfRange(oursCls, cell * dim, (cell + 1) * dim)))
                            .isLessThan(1e-4);
                    assertThat(difference(logits.row(cell), Arrays.copyOfRange(oursLogits, from * tokens, to * tokens)))
                            .as("logits of cell %d", cell)
                            .isLessThan(1e-4);
                }
                assertThat(worst).as("encodings").isLessThan(1e-4);
            });
        }
    }

    /** The published cell-type classifier, imported into a model folder and read from there; its logits hardly differ. */
    @Test
    void logitsOfTheClassifierAreThoseOfThePublishedOne(@TempDir Path folder) throws IOException {
        Reference reference = Reference.open("small");
        NpyArray logits = reference.array("ctc_logits_batch1.npy");
        CellSequences cells = reference.cells();
        Path path = reference.folder.resolve("ctc_checkpoint.pth");
        Path target = folder.resolve("model");
        int genes = reference.meta.get("gene_num").asInt();
        GeneVocabulary vocabulary = new GeneVocabulary(
                IntStream.range(0, genes).mapToObj(g -> "G" + g).toList());
        try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(path)) {
            PublishedWeights.in(checkpoint, path)
                    .write(target, reference.maxLength(), vocabulary, JsonNodeFactory.instance.objectNode());
        }
        assertThat(PublishedClassifier.isIn(target)).isTrue();
        try (StoredModel stored = ModelFolder.read(target, Precision.FLOAT32);
                PublishedClassifier classifier = PublishedClassifier.read(target, stored.model())) {
            assertThat(classifier.classes()).isEqualTo(5);
            Native.runWithoutGradient(() -> {
                Tensor encoded = stored.model().encode(cells, Dropouts.NONE);
                double[] ours = TensorArrays.doubles(classifier.logits(encoded, cells, genes));
                assertThat(difference(logits.values(), ours)).isLessThan(1e-5);
                // A control: the logits of cells differ by more than is asked for.
                assertThat(difference(logits.row(0), logits.row(3))).isGreaterThan(1e-4);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "bias"})
    void gradientsAreThoseOfThePublishedNetwork(String folder) throws IOException {
        Reference reference = Reference.open(folder);
        CellSequences cells = reference.cells();
        Map<String, NpyArray> expected = NpyArray.readAll(reference.folder.resolve("gradients.npz"));
        try (CellLanguageModel model = reference.model(Precision.FLOAT32)) {
            Native.run(() -> {
                loss(model, cells).backward();
                Map<String, Double> differences = new LinkedHashMap<>();
                expected.forEach((name, gradient) -> {
                    double largest = Arrays.stream(gradient.values())
                            .map(Math::abs)
                            .max()
                            .orElseThrow();
                    double[] ours =
                            TensorArrays.doubles(model.trainable().get(name).grad());
                    differences.put(name, difference(gradient.values(), ours) / largest);
                });
                assertThat(differences).isNotEmpty();
                assertThat(differences.values()).allMatch(difference -> difference < 1e-4);
                assertThat(model.trainable().keySet().stream().filter(name -> !name.startsWith("disease")))
                        .containsExactlyInAnyOrderElementsOf(expected.keySet());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"small", "bias"})
    void tenStepsOfAdamLoseAsThePublishedNetworkDoes(String folder) throws IOException {
        Reference reference = Reference.open(folder);
        CellSequences cells = reference.cells();
        JsonNode losses = new ObjectMapper()
                .readTree(reference.folder.resolve("training.json").toFile())
                .get("losses");
        try (CellLanguageModel model = reference.model(Precision.FLOAT32)) {
            Native.run(() -> {
                TensorVector parameters =
                        new TensorVector(model.trainable().values().toArray(new Tensor[0]));
                Adam adam = new Adam(parameters, new AdamOptions(1e-3));
                for (int step = 0; step < losses.size(); step++) {
                    double expected = losses.get(step).asDouble();
                    Native.run(() -> {
                        adam.zero_grad();
                        Tensor loss = loss(model, cells);
                        loss.backward();
                        adam.step();
                        assertThat(loss.item_double()).isCloseTo(expected, within(1e-3));
                    });
                }
            });
        }
    }

    /** Mean over cells of the mean cross-entropy against the cell's own tokens. */
    private static Tensor loss(CellLanguageModel model, CellSequences cells) {
        Tensor logits = model.tokenLogits(model.encode(cells, Dropouts.NONE));
        Tensor logProbabilities = torch.log_softmax(logits, 1);
        long[] targets = new long[cells.positions()];
        float[] weights = new float[cells.positions()];
        for (int cell = 0; cell < cells.cells(); cell++) {
            int row = cells.clsRow(cell);
            float weight = 1f / (cells.cells() * (cells.length(cell) + 1));
            targets[row] = model.config().clsToken();
            weights[row] = weight;
            for (int i = 0; i < cells.length(cell); i++) {
                targets[row + 1 + i] = cells.tokens()[cells.offsets()[cell] + i];
                weights[row + 1 + i] = weight;
            }
        }
        Tensor picked = logProbabilities
                .gather(1, TensorArrays.of(targets, targets.length, 1))
                .squeeze(1);
        return picked.mul(TensorArrays.of(weights, weights.length)).sum().mul(new Scalar(-1));
    }

    private static double difference(double[] a, double[] b) {
        double worst = 0;
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            worst = Math.max(worst, Math.abs(a[i] - b[i]));
        }
        return worst;
    }
}
