package org.celllm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.pytorch.Tensor;
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

    private static double[][] cls(CellLanguageModel model, CellSequences cells) {
        double[][] rows = new double[cells.cells()][CONFIG.dim()];
        Native.runWithoutGradient(() -> {
            Tensor encoded = model.encode(cells, Dropouts.NONE);
            assertThat(TensorArrays.shape(encoded)).containsExactly(cells.positions(), CONFIG.dim());
            double[] flat = TensorArrays.doubles(model.cls(encoded, cells));
            for (int i = 0; i < flat.length; i++) {
                rows[i / CONFIG.dim()][i % CONFIG.dim()] = flat[i];
            }
        });
        return rows;
    }
}
