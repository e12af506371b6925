package org.celllm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training the last layer alone against training everything. */
class LastLayerTrainingTest {
    private static final NetworkConfig PADDED = RandomCells.config(2, 8, PaddingMode.PUBLISHED);
    private static final NetworkConfig SMALL = RandomCells.config(2, 8, PaddingMode.NONE);
    private static final NetworkConfig FUSED =
            new NetworkConfig(64, 3, 2, 32, 0, 4, 8, 500, 400, false, PaddingMode.NONE, 0);

    @BeforeAll
    static void threads() {
        Torch.configure(1);
    }

    @ParameterizedTest
    @CsvSource({"PADDED, FLOAT64, 1e-12", "SMALL, FLOAT64, 1e-12", "SMALL, FLOAT32, 1e-5", "FUSED, BFLOAT16, 2e-2"})
    void itsGradientIsThatOfTheWholeAndTheRestHasNone(String network, Precision precision, double tolerance) {
        NetworkConfig config = switch (network) {
            case "PADDED" -> PADDED;
            case "SMALL" -> SMALL;
            default -> FUSED;
        };
        CellSequences cells = RandomCells.of(config, 3, 40, 1, 63, 0, 17);
        try (CellLanguageModel model = CellLanguageModel.create(config, ModelOptions.PUBLISHED, 5, precision)) {
            Map<String, double[]> whole = gradients(model, model, cells);
            model.trainLastLayerOnly();
            String last = "performer.net.layers." + (config.depth() - 1) + ".";
            assertThat(model.trainable().keySet())
                    .contains("norm.weight", "norm.bias", last + "0.fn.to_q.weight", last + "1.fn.fn.w2.bias")
                    .allMatch(name -> name.startsWith(last) || name.startsWith("norm."))
                    .noneMatch(name -> name.endsWith("projection_matrix"));
            Map<String, double[]> own = gradients(model, model, cells);
            assertThat(own.keySet()).isEqualTo(model.trainable().keySet());
            assertThat(model.weights())
                    .hasSize(WeightShapes.of(config, ModelOptions.PUBLISHED).size());
            compare(own, whole, tolerance);
            try (CellLanguageModel replica = model.replica()) {
                compare(gradients(model, replica, cells), whole, tolerance);
            }
            CellSequences others = RandomCells.of(config, 4, 40, 1, 63, 0, 17);
            assertThat(distance(gradients(model, model, others), whole))
                    .as("other cells must show")
                    .isGreaterThan(Math.max(1e-2, 3 * tolerance));
        }
    }

    private static void compare(Map<String, double[]> own, Map<String, double[]> whole, double tolerance) {
        assertThat(distance(own, whole)).isCloseTo(0, within(tolerance));
    }

    /** Gradients that a model has after {@code runs}, it or a replica of it, went there and back. */
    private static Map<String, double[]> gradients(
            CellLanguageModel model, CellLanguageModel runs, CellSequences cells) {
        Native.run(() -> {
            try (GradientTape tape = new GradientTape()) {
                Tensor encoded = runs.encode(cells, Dropouts.NONE, tape);
                encoded.mul(encoded.sin()).sum().backward();
                tape.backward();
            }
        });
        if (runs != model) {
            model.takeGradients(runs);
        }
        Map<String, double[]> gradients = new LinkedHashMap<>();
        Native.run(() -> model.trainable().forEach((name, weight) -> {
            if (weight.grad().defined()) {
                gradients.put(name, TensorArrays.doubles(weight.grad()));
                weight.mutable_grad().zero_();
            }
        }));
        return gradients;
    }

    /** Norm of the difference over the norm, of the gradients in {@code own}. */
    private static double distance(Map<String, double[]> own, Map<String, double[]> whole) {
        double difference = 0;
        double norm = 0;
        for (String name : own.keySet()) {
            for (int i = 0; i < own.get(name).length; i++) {
                difference += Math.pow(own.get(name)[i] - whole.get(name)[i], 2);
                norm += Math.pow(whole.get(name)[i], 2);
            }
        }
        return Math.sqrt(difference / norm);
    }
}
