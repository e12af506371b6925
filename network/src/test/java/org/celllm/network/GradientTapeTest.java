package org.celllm.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.GradientTape.Keeping;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Torch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gradient written by hand against the one that autograd finds. */
class GradientTapeTest {
    @BeforeAll
    static void threads() {
        Torch.configure(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theGradientByHandIsThatOfAutograd(long seed) {
        KeyedRandom random = KeyedRandom.of(seed);
        NetworkConfig config = new NetworkConfig(
                8 + random.nextInt(20),
                1 + random.nextInt(3),
                1 + random.nextInt(4),
                2 + random.nextInt(20),
                random.nextInt(40),
                2,
                8,
                100,
                64,
                random.nextBoolean(),
                PaddingMode.NONE,
                0);
        int[] lengths = random.ints(1 + random.nextInt(6), 0, 40).toArray();
        CellSequences cells = RandomCells.of(config, seed, lengths);
        Dropouts dropouts = Dropouts.of(seed, 3, random.longs(lengths.length).toArray(), 1, 0.2);
        try (CellLanguageModel model =
                CellLanguageModel.create(config, new ModelOptions(5, true, Pooling.CLS), seed, Precision.FLOAT64)) {
            Map<String, double[]> automatic = gradients(model, cells, dropouts, null);
            Map<String, double[]> byHand = gradients(model, cells, dropouts, new GradientTape());
            assertThat(byHand.keySet()).isEqualTo(automatic.keySet());
            assertThat(distance(byHand, automatic))
                    .as("seed %d, %s", seed, config)
                    .isLessThan(1e-12);
            Map<String, double[]> recomputed = gradients(model, cells, dropouts, new GradientTape(Keeping.READ));
            assertThat(distance(recomputed, byHand))
                    .as("recomputed, seed %d, %s", seed, config)
                    .isLessThan(1e-15);
            Map<String, double[]> otherMasks =
                    gradients(model, cells, Dropouts.of(seed, 4, new long[lengths.length], 1, 0.2), new GradientTape());
            assertThat(distance(otherMasks, automatic))
                    .as("other masks must show")
                    .isGreaterThan(1e-4);
        }
    }

    @Test
    void severalTapesMayBeAliveAtOnce() {
        NetworkConfig config = RandomCells.config(2, 8, PaddingMode.NONE);
        CellSequences first = RandomCells.of(config, 1, 5, 9);
        CellSequences second = RandomCells.of(config, 2, 7);
        try (CellLanguageModel model = CellLanguageModel.create(config, ModelOptions.PUBLISHED, 1, Precision.FLOAT64)) {
            Map<String, double[]> inTurn = collect(model, () -> {
                backward(model, first);
                backward(model, second);
            });
            Map<String, double[]> together = collect(model, () -> {
                GradientTape one = new GradientTape();
                GradientTape two = new GradientTape();
                Tensor a = loss(model, model.encode(first, Dropouts.NONE, one), first);
                Tensor b = loss(model, model.encode(second, Dropouts.NONE, two), second);
                b.backward();
                two.backward();
                a.backward();
                one.backward();
            });
            assertThat(distance(together, inTurn)).isLessThan(1e-14);
        }
    }

    private static void backward(CellLanguageModel model, CellSequences cells) {
        try (GradientTape tape = new GradientTape()) {
            loss(model, model.encode(cells, Dropouts.NONE, tape), cells).backward();
            tape.backward();
        }
    }

    private static Map<String, double[]> gradients(
            CellLanguageModel model, CellSequences cells, Dropouts dropouts, @Nullable GradientTape given) {
        return collect(model, () -> {
            try (GradientTape tape = given == null ? new GradientTape() : given) {
                Tensor encoded = model.encode(cells, dropouts, given);
                loss(model, encoded, cells).backward();
                tape.backward();
            }
        });
    }

    /** Layers that are computed by fused products where the processor multiplies bfloat16. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void layersGiveTheSameBitsWhateverTheyKeep(long seed) {
        KeyedRandom random = KeyedRandom.of(seed);
        NetworkConfig config = new NetworkConfig(
                32 * (1 + random.nextInt(3)), 3, 2, 32, 0, 2, 8, 900, 900, seed == 2, PaddingMode.NONE, 0);
        CellSequences cells =
                RandomCells.of(config, seed, random.ints(5, 0, 500).toArray());
        try (CellLanguageModel model =
                CellLanguageModel.create(config, new ModelOptions(5, true, Pooling.CLS), seed, Precision.BFLOAT16)) {
            Map<String, double[]> kept = gradients(model, cells, Dropouts.NONE, new GradientTape());
            Map<String, double[]> recomputed = gradients(model, cells, Dropouts.NONE, new GradientTape(Keeping.READ));
            Map<String, double[]> all = gradients(model, cells, Dropouts.NONE, new GradientTape(Keeping.ALL));
            kept.forEach((name, values) -> {
                assertThat(recomputed.get(name)).as(name).containsExactly(values);
                assertThat(all.get(name)).as(name).containsExactly(values);
            });
        }
    }

    /** What is kept from call to call must outlive the scope in which it was made. */
    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "FLOAT32"})
    void gradientsAreTheSameHoweverOftenTheyAreTaken(Precision precision) {
        NetworkConfig config = new NetworkConfig(64, 2, 2, 32, 110, 2, 8, 900, 900, false, PaddingMode.NONE, 0);
        CellSequences cells = RandomCells.of(config, 4, 300, 17, 171);
        try (CellLanguageModel model =
                CellLanguageModel.create(config, new ModelOptions(5, true, Pooling.CLS), 4, precision)) {
            Map<String, double[]> first = gradients(model, cells, Dropouts.NONE, new GradientTape());
            for (int again = 0; again < 3; again++) {
                Native.run(GradientTapeTest::overwriteFreedMemory);
                gradients(model, cells, Dropouts.NONE, new GradientTape())
                        .forEach((name, values) -> assertThat(values).as(name).containsExactly(first.get(name)));
            }
        }
    }

    /** Takes what was freed and leaves other numbers there. */
    private static void overwriteFreedMemory() {
        for (int size = 64; size <= 1 << 16; size *= 2) {
            for (int i = 0; i < 200; i++) {
                TensorArrays.empty(ScalarType.Float, size).fill_(new Scalar(7));
            }
        }
    }

    private static Map<String, double[]> collect(CellLanguageModel model, Runnable work) {
        Native.run(work);
        Map<String, double[]> gradients = new LinkedHashMap<>();
        Native.run(() -> model.trainable().forEach((name, weight) -> {
            if (weight.grad().defined()) {
                gradients.put(name, TensorArrays.doubles(weight.grad()));
                weight.mutable_grad().zero_();
            }
        }));
        return gradients;
    }

    /** Something that every head and every row has a part in. */
    private static Tensor loss(CellLanguageModel model, Tensor encoded, CellSequences cells) {
        UnaryOperator<Tensor> squares = x -> x.mul(x).mean();
        Tensor tokens = squares.apply(model.tokenLogits(encoded));
        Tensor disease = squares.apply(model.diseaseLogits(model.cls(encoded, cells)));
        return tokens.add(disease).add(squares.apply(model.project(model.mean(encoded, cells))));
    }

    /** Norm of the difference over the norm. */
    private static double distance(Map<String, double[]> a, Map<String, double[]> b) {
        double difference = 0;
        double norm = 0;
        for (String name : b.keySet()) {
            for (int i = 0; i < b.get(name).length; i++) {
                difference += Math.pow(a.get(name)[i] - b.get(name)[i], 2);
                norm += Math.pow(b.get(name)[i], 2);
            }
        }
        return Math.sqrt(difference / norm);
    }
}
