package org.celllm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.GradientTape.Keeping;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows that are read by themselves are those of the whole encoding, and so are all gradients. */
class RowSelectionTest {
    private static final int[] LENGTHS = {40, 1, 263, 0, 17, 512};

    @Test
    void clsOfEachCellIsAmongThem() {
        CellSequences cells = RandomCells.of(config("FUSED"), 3, 4, 0, 2);
        RowSelection read = RowSelection.of(cells, new long[] {7, 3, 7, 2});
        assertThat(read.rows()).containsExactly(0, 2, 3, 5, 6, 7);
        assertThat(read.cls()).containsExactly(0, 3, 4);
        assertThat(read.places(new long[] {7, 2, 0})).containsExactly(5, 1, 0);
        assertThat(read.share()).isEqualTo(6 / 9.0);
        assertThatThrownBy(() -> read.places(new long[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 1");
    }

    @ParameterizedTest
    @CsvSource({
        "FUSED, FLOAT32, 0.15, false, 1e-5, true",
        "FUSED, FLOAT32, 0.15, true, 1e-5, true",
        "FUSED, BFLOAT16, 0.15, false, 1e-2, true",
        "FUSED, BFLOAT16, 0, true, 1e-2, true",
        "FUSED, FLOAT32, 0.95, false, 1e-5, false",
        "BIASED, FLOAT32, 0.3, false, 1e-5, true",
        "BIASED, BFLOAT16, 0.3, false, 1e-2, true",
        "PADDED, FLOAT64, 0.15, false, 1e-12, false",
        "FUSED, FLOAT64, 0.15, true, 1e-12, false"
    })
    void theirGradientIsThatOfTheWholeEncodingOfWhichOnlyTheyAreRead(
            String network, Precision precision, double share, boolean recomputes, double tolerance, boolean alone) {
        NetworkConfig config = config(network);
        CellSequences cells = RandomCells.of(config, 3, LENGTHS);
        KeyedRandom random = KeyedRandom.of(8);
        long[] others = IntStream.range(0, cells.positions())
                .filter(row -> random.nextDouble() < share)
                .asLongStream()
                .toArray();
        RowSelection read = RowSelection.of(cells, others);
        try (CellLanguageModel model = CellLanguageModel.create(config, ModelOptions.PUBLISHED, 5, precision)) {
            if (precision != Precision.BFLOAT16 || Torch.multipliesBfloat16()) {
                assertThat(model.computesAlone(read, Dropouts.NONE)).isEqualTo(alone);
            }
            Map<String, double[]> whole = run(model, cells, read, false, recomputes);
            Map<String, double[]> own = run(model, cells, read, true, recomputes);
            assertThat(own.keySet()).isEqualTo(whole.keySet());
            own.forEach((name, values) ->
                    assertThat(distance(values, whole.get(name))).as(name).isCloseTo(0, within(tolerance)));
            RowSelection fewer = RowSelection.of(cells, new long[0]);
            if (others.length > 0) {
                Map<String, double[]> other = run(model, cells, fewer, true, recomputes);
                assertThat(distance(other.get("norm.weight"), whole.get("norm.weight")))
                        .as("what is read must show")
                        .isGreaterThan(0.1);
            }
        }
    }

    /** The rows' encoding and all gradients; the whole is encoded, and the rows taken from it, where they are not given alone. */
    private static Map<String, double[]> run(
            CellLanguageModel model, CellSequences cells, RowSelection read, boolean alone, boolean recomputes) {
        Map<String, double[]> found = new LinkedHashMap<>();
        Native.run(() -> {
            try (GradientTape tape = new GradientTape(recomputes ? Keeping.READ : Keeping.ALL)) {
                Tensor rows = alone
                        ? model.encode(cells, read, Dropouts.NONE, tape)
                        : torch.index_select(model.encode(cells, Dropouts.NONE, tape), 0, torch.tensor(read.rows()));
                found.put("encoding", TensorArrays.doubles(rows));
                rows.mul(rows.sin()).sum().backward();
                tape.backward();
            }
            model.trainable().forEach((name, weight) -> {
                if (weight.grad().defined()) {
                    found.put(name, TensorArrays.doubles(weight.grad()));
                    weight.mutable_grad().zero_();
                }
            });
        });
        return found;
    }

    private static NetworkConfig config(String network) {
        return switch (network) {
            case "PADDED" -> new NetworkConfig(16, 2, 2, 8, 0, 2, 8, 600, 600, false, PaddingMode.PUBLISHED, 0);
            case "BIASED" -> new NetworkConfig(48, 2, 3, 16, 0, 2, 8, 600, 600, true, PaddingMode.NONE, 0);
            default -> new NetworkConfig(64, 2, 2, 32, 0, 4, 8, 600, 600, false, PaddingMode.NONE, 0);
        };
    }

    private static double distance(double[] a, double[] b) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < a.length; i++) {
            difference += Math.pow(a[i] - b[i], 2);
            norm += Math.pow(b[i], 2);
        }
        return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
    }
}
