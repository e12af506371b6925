package org.celllm.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.TensorArrays;
import org.junit.jupiter.api.Test;

class InfoNceTest {
    private static final long SEED = Long.getLong("celllm.seed", 20230607);

    @Test
    void everyTileGivesTheLossAndGradientOfTheWholeMatrix() {
        KeyedRandom random = KeyedRandom.of(SEED);
        for (int trial = 0; trial < 25; trial++) {
            try (PointerScope scope = new PointerScope()) {
                int batch = 1 + random.nextInt(40);
                int width = 1 + random.nextInt(12);
                double temperature = 0.03 + random.nextDouble();
                Tensor first = unit(random, batch, width).set_requires_grad(true);
                Tensor second = unit(random, batch, width).set_requires_grad(true);
                InfoNce loss = new InfoNce(temperature);
                Tensor whole = loss.loss(first, second);
                whole.backward();
                int tile = 1 + random.nextInt(batch + 3);
                InfoNce.Result tiled = loss.lossAndGradient(first.detach(), second.detach(), tile);
                String replay = "seed " + SEED + " trial " + trial + " batch " + batch + " tile " + tile;
                assertThat(tiled.loss()).as(replay).isCloseTo(whole.item_double(), within(1e-12));
                assertThat(distance(tiled.first(), first.grad())).as(replay).isLessThan(1e-12);
                assertThat(distance(tiled.second(), second.grad())).as(replay).isLessThan(1e-12);
            }
        }
    }

    @Test
    void aColdSoftmaxDoesNotOverflow() {
        try (PointerScope scope = new PointerScope()) {
            Tensor rows = unit(KeyedRandom.of(SEED, 2), 30, 4).to(torch.ScalarType.Float);
            InfoNce.Result result = new InfoNce(1e-3).lossAndGradient(rows, rows, 7);
            assertThat(result.loss()).isFinite().isCloseTo(0, within(1e-2));
            assertThat(result.retrieved()).isEqualTo(1.0);
            assertThat(result.first().isfinite().all().item_bool()).isTrue();
        }
    }

    @Test
    void viewsThatSayNothingCostTheLogarithmOfTheBatch() {
        try (PointerScope scope = new PointerScope()) {
            Tensor same = torch.ones(new long[] {64, 1}, new TensorOptions(torch.ScalarType.Double));
            assertThat(new InfoNce(0.1).lossAndGradient(same, same).loss()).isCloseTo(Math.log(64), within(1e-12));
        }
    }

    private static Tensor unit(KeyedRandom random, int rows, int width) {
        double[] values = new double[rows * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Objectives.unit(TensorArrays.of(values, rows, width)).detach();
    }

    private static double distance(Tensor a, Tensor b) {
        return a.sub(b).abs().max().item_double();
    }
}
