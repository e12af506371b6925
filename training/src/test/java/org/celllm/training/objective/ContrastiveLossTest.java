package org.celllm.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContrastiveLossTest {
    private static final long SEED = Long.getLong("celllm.seed", 20230607);

    @ParameterizedTest
    @EnumSource
    void everyTileGivesTheLossAndGradientOfTheWholeMatrix(Contrast.Kind kind) {
        KeyedRandom random = KeyedRandom.of(SEED);
        for (int trial = 0; trial < 40; trial++) {
            try (PointerScope scope = new PointerScope();
                    Workers workers = new Workers(1 + trial % 3)) {
                int batch = 1 + random.nextInt(40);
                int width = 1 + random.nextInt(12);
                int side = 1 + random.nextInt(batch + 3);
                Tensor first = unit(random, batch, width).set_requires_grad(true);
                Tensor second = unit(random, batch, width).set_requires_grad(true);
                Tensor logFactor = number(-Math.log(0.03 + random.nextDouble()));
                Tensor bias = number(random.nextGaussian());
                int[][] criteria = new int[trial % 3][];
                for (int k = 0; k < criteria.length; k++) {
                    criteria[k] = groups(random, batch);
                }
                int[] apart = random.nextBoolean() ? groups(random, batch) : null;
                Tensor whole = WholeLoss.of(kind, first, second, logFactor, bias, apart, criteria);
                whole.backward();
                try (FalseNegatives ignored = criteria.length == 0 && apart == null
                                ? null
                                : FalseNegatives.of(batch, apart, criteria);
                        ContrastiveLoss.Result tiled = kind.loss()
                                .lossAndGradient(
                                        new Pairs(
                                                first.detach(),
                                                second.detach(),
                                                Math.exp(logFactor.item_double()),
                                                bias.item_double(),
                                                ignored,
                                                side),
                                        workers)) {
                    String replay = "seed " + SEED + " trial " + trial + " batch " + batch + " tile " + side;
                    double size = 1 + Math.abs(whole.item_double());
                    assertThat(tiled.loss()).as(replay).isCloseTo(whole.item_double(), within(1e-12 * size));
                    assertThat(distance(tiled.first(), first.grad())).as(replay).isLessThan(1e-11);
                    assertThat(distance(tiled.second(), second.grad()))
                            .as(replay)
                            .isLessThan(1e-11);
                    assertThat(tiled.logFactor())
                            .as(replay)
                            .isCloseTo(logFactor.grad().item_double(), within(1e-10));
                    assertThat(tiled.bias()).as(replay).isCloseTo(bias.grad().item_double(), within(1e-10));
                }
            }
        }
    }

    @Test
    void theNumberOfWorkersDecidesOnlyTheLastBits() {
        try (PointerScope scope = new PointerScope();
                Workers one = new Workers(1);
                Workers three = new Workers(3)) {
            Tensor first = unit(KeyedRandom.of(SEED, 5), 50, 6);
            Tensor second = unit(KeyedRandom.of(SEED, 6), 50, 6);
            Pairs pairs = new Pairs(first, second, 10, 0, null, 7);
            ContrastiveLoss.Result alone = new InfoNce().lossAndGradient(pairs, one);
            ContrastiveLoss.Result together = new InfoNce().lossAndGradient(pairs, three);
            ContrastiveLoss.Result again = new InfoNce().lossAndGradient(pairs, three);
            assertThat(together.loss()).isCloseTo(alone.loss(), within(1e-13));
            assertThat(distance(together.second(), alone.second())).isLessThan(1e-13);
            assertThat(distance(together.second(), again.second())).isZero();
        }
    }

    @Test
    void aColdSoftmaxDoesNotOverflow() {
        try (PointerScope scope = new PointerScope();
                Workers workers = new Workers(1)) {
            Tensor rows = unit(KeyedRandom.of(SEED, 2), 30, 4).to(torch.ScalarType.Float);
            ContrastiveLoss.Result result =
                    new InfoNce().lossAndGradient(new Pairs(rows, rows, 1e3, 0, null, 7), workers);
            assertThat(result.loss()).isFinite().isCloseTo(0, within(1e-2));
            assertThat(result.retrieved()).isEqualTo(1.0);
            assertThat(result.first().isfinite().all().item_bool()).isTrue();
        }
    }

    @Test
    void viewsThatSayNothingCostTheLogarithmOfTheBatch() {
        try (PointerScope scope = new PointerScope();
                Workers workers = new Workers(2)) {
            Tensor same = torch.ones(new long[] {64, 1}, new TensorOptions(torch.ScalarType.Double));
            Pairs pairs = new Pairs(same, same, 10, 0, null, 10);
            assertThat(new InfoNce().lossAndGradient(pairs, workers).loss()).isCloseTo(Math.log(64), within(1e-12));
        }
    }

    @Test
    void cellsThatAreAllAlikeHaveNothingToBeToldFrom() {
        try (PointerScope scope = new PointerScope();
                Workers workers = new Workers(2);
                FalseNegatives all = FalseNegatives.of(new int[20])) {
            Tensor first = unit(KeyedRandom.of(SEED, 3), 20, 4);
            Tensor second = unit(KeyedRandom.of(SEED, 4), 20, 4);
            ContrastiveLoss.Result result =
                    new InfoNce().lossAndGradient(new Pairs(first, second, 10, 0, all, 6), workers);
            assertThat(result.loss()).isCloseTo(0, within(1e-12));
            assertThat(result.first().abs().max().item_double()).isLessThan(1e-12);
        }
    }

    @Test
    void aLearnedFactorStaysWithinItsBounds() {
        try (PointerScope scope = new PointerScope();
                PairScale scale = PairScale.of(
                        new Contrast(Contrast.Kind.SIGLIP, 0.1, true, Set.of()), 1000, Precision.FLOAT64)) {
            assertThat(scale.factor()).isCloseTo(10, within(1e-9));
            assertThat(scale.bias()).isCloseTo(-10 - Math.log(1000), within(1e-9));
            assertThat(scale.trainable()).containsOnlyKeys("contrast.log_factor", "contrast.bias");
            scale.trainable().get("contrast.log_factor").detach().fill_(new org.bytedeco.pytorch.Scalar(9.0));
            scale.bound();
            assertThat(scale.factor()).isCloseTo(100, within(1e-9));
        }
        try (PairScale fixed = PairScale.of(Contrast.DEFAULT, 1000, Precision.FLOAT32)) {
            assertThat(fixed.trainable()).isEmpty();
            fixed.addGradient(1, 1);
            assertThat(fixed.bias()).isZero();
        }
    }

    private static int[] groups(KeyedRandom random, int batch) {
        int[] groups = new int[batch];
        for (int i = 0; i < batch; i++) {
            groups[i] = random.nextInt(6) - 2;
        }
        return groups;
    }

    private static Tensor number(double value) {
        return TensorArrays.of(new double[] {value}, 1).set_requires_grad(true);
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
