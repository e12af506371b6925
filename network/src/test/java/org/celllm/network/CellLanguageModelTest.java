package org.celllm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CellLanguageModelTest {
    private static final NetworkConfig CONFIG = RandomCells.config(3, 16, PaddingMode.NONE);
    private static final int[] LENGTHS = {17, 0, 5, 5, 40, 1};

    @BeforeAll
    static void threads() {
        Torch.configure(1);
    }

    @Test
    void aCellIsEncodedTheSameAloneAndAmongOthers() {
        for (PaddingMode padding : PaddingMode.values()) {
            NetworkConfig config = CONFIG.withPadding(padding);
            try (CellLanguageModel model =
                    CellLanguageModel.create(config, ModelOptions.PUBLISHED, 1, Precision.FLOAT64)) {
                CellSequences cells = RandomCells.of(config, 7, LENGTHS);
                double[][] together = cls(model, cells);
                for (int cell = 0; cell < LENGTHS.length; cell++) {
                    assertThat(cls(model, cells.slice(cell, cell + 1))[0])
                            .containsExactly(together[cell], within(1e-12));
                }
            }
        }
    }

    @Test
    void clsAloneIsTheClsOfTheWholeEncoding() {
        CellSequences cells = RandomCells.of(CONFIG, 8, LENGTHS);
        long[] keys = {1, 2, 3, 4, 5, 6};
        Dropouts dropouts = Dropouts.of(3, 1, keys, 0, 0.3);
        for (ModelOptions options :
                new ModelOptions[] {ModelOptions.PUBLISHED, new ModelOptions(4, true, Pooling.CLS)}) {
            try (CellLanguageModel model = CellLanguageModel.create(CONFIG, options, 1, Precision.FLOAT64)) {
                Native.runWithoutGradient(() -> {
                    Tensor whole = model.cls(model.encode(cells, dropouts), cells);
                    assertThat(TensorArrays.doubles(model.encodeCls(cells, dropouts)))
                            .containsExactly(TensorArrays.doubles(whole), within(1e-12));
                });
            }
        }
    }

    @Test
    void aCellMeetsTheSameMasksInEveryChunk() {
        CellSequences cells = RandomCells.of(CONFIG, 9, LENGTHS);
        Dropouts dropouts = Dropouts.of(3, 1, new long[] {11, 12, 13, 14, 15, 16}, 1, 0.4);
        try (CellLanguageModel model = CellLanguageModel.create(CONFIG, ModelOptions.PUBLISHED, 1, Precision.FLOAT64)) {
            Native.runWithoutGradient(() -> {
                double[] together = TensorArrays.doubles(model.encodeCls(cells, dropouts));
                double[] alone = TensorArrays.doubles(model.encodeCls(cells.slice(3, 5), dropouts.slice(3, 5)));
                int dim = CONFIG.dim();
                assertThat(alone).containsExactly(Arrays.copyOfRange(together, 3 * dim, 5 * dim), within(1e-12));
                double[] plain = TensorArrays.doubles(model.encodeCls(cells, Dropouts.NONE));
                assertThat(plain).as("masks must show").isNotEqualTo(together);
            });
        }
    }

    @Test
    void bfloat16KeepsTheDirectionOfEveryEncoding() {
        for (NetworkConfig config : narrow()) {
            CellSequences cells = RandomCells.of(config, 5, 3, 170, 60, 400, 0, 33, 270);
            try (CellLanguageModel exact =
                            CellLanguageModel.create(config, ModelOptions.PUBLISHED, 1, Precision.FLOAT32);
                    CellLanguageModel fast =
                            CellLanguageModel.create(config, ModelOptions.PUBLISHED, 1, Precision.BFLOAT16)) {
                double[][] a = cls(exact, cells);
                double[][] b = cls(fast, cells);
                double[][] alone = clsAlone(fast, cells);
                for (int cell = 0; cell < a.length; cell++) {
                    assertThat(cosine(a[cell], b[cell])).as("cell %d", cell).isGreaterThan(0.999);
                    assertThat(cosine(a[cell], alone[cell]))
                            .as("CLS alone, cell %d", cell)
                            .isGreaterThan(0.999);
                }
            }
        }
    }

    @Test
    void inBfloat16TooACellIsEncodedTheSameAloneAndAmongOthers() {
        for (NetworkConfig config : narrow()) {
            CellSequences cells = RandomCells.of(config, 6, 300, 17, 0, 257, 90);
            try (CellLanguageModel model =
                    CellLanguageModel.create(config, ModelOptions.PUBLISHED, 1, Precision.BFLOAT16)) {
                double[][] together = cls(model, cells);
                for (int cell = 0; cell < cells.cells(); cell++) {
                    assertThat(cls(model, cells.slice(cell, cell + 1))[0])
                            .as("cell %d", cell)
                            .containsExactly(together[cell], within(1e-5));
                }
            }
        }
    }

    @Test
    void inBfloat16TheGradientGoesTheSameWay() {
        for (NetworkConfig config : narrow()) {
            CellSequences cells = RandomCells.of(config, 7, 3, 170, 60, 300, 0, 33);
            try (CellLanguageModel exact =
                            CellLanguageModel.create(config, ModelOptions.PUBLISHED, 1, Precision.FLOAT32);
                    CellLanguageModel fast =
                            CellLanguageModel.create(config, ModelOptions.PUBLISHED, 1, Precision.BFLOAT16)) {
                differentiate(exact, cells);
                differentiate(fast, cells);
                exact.trainable().forEach((name, weight) -> {
                    Tensor gradient = weight.grad();
                    if (gradient.defined()) {
                        double[] a = TensorArrays.doubles(gradient);
                        double[] b =
                                TensorArrays.doubles(fast.trainable().get(name).grad());
                        // That of queries and keys is nearly nothing in a network that was not trained, and rounding
                        // much of it.
                        assertThat(cosine(a, b)).as(name).isGreaterThan(name.matches(".*to_[qk].*") ? 0.85 : 0.998);
                    }
                });
            }
        }
    }

    /** Networks whose layers are computed by fused products where the processor multiplies bfloat16. */
    private static NetworkConfig[] narrow() {
        return new NetworkConfig[] {
            Preset.SMALL.config(500),
            new NetworkConfig(128, 2, 16, 64, 0, 4, 8, 500, 6000, true, PaddingMode.NONE, 0),
            new NetworkConfig(48, 2, 3, 16, 0, 2, 8, 500, 6000, false, PaddingMode.NONE, 0)
        };
    }

    private static void differentiate(CellLanguageModel model, CellSequences cells) {
        Native.run(() -> {
            try (GradientTape tape = new GradientTape()) {
                Tensor encoded = model.encode(cells, Dropouts.NONE, tape);
                // A loss that no direction of the encoding is indifferent to.
                double[] weights =
                        KeyedRandom.of(3).doubles(encoded.numel(), -1, 1).toArray();
                encoded.mul(TensorArrays.of(weights, encoded.size(0), encoded.size(1))
                                .to(encoded.scalar_type()))
                        .sum()
                        .backward();
                tape.backward();
            }
        });
    }

    private static double cosine(double[] a, double[] b) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += a[i] * b[i];
            aa += a[i] * a[i];
            bb += b[i] * b[i];
        }
        return ab / Math.sqrt(aa * bb);
    }

    private static double[][] clsAlone(CellLanguageModel model, CellSequences cells) {
        double[][] rows = new double[cells.cells()][];
        Native.runWithoutGradient(() -> {
            double[] flat = TensorArrays.doubles(model.encodeCls(cells, Dropouts.NONE));
            int dim = model.config().dim();
            for (int cell = 0; cell < rows.length; cell++) {
                rows[cell] = Arrays.copyOfRange(flat, cell * dim, (cell + 1) * dim);
            }
        });
        return rows;
    }

    private static double[][] cls(CellLanguageModel model, CellSequences cells) {
        double[][] rows = new double[cells.cells()][model.config().dim()];
        Native.runWithoutGradient(() -> {
            Tensor encoded = model.encode(cells, Dropouts.NONE);
            assertThat(TensorArrays.shape(encoded))
                    .containsExactly(cells.positions(), model.config().dim());
            double[] flat = TensorArrays.doubles(model.cls(encoded, cells));
            for (int i = 0; i < flat.length; i++) {
                rows[i / rows[0].length][i % rows[0].length] = flat[i];
            }
        });
        return rows;
    }
}
