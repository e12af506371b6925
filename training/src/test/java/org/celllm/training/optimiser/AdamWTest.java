package org.celllm.training.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.TensorArrays;
import org.junit.jupiter.api.Test;

class AdamWTest {
    private static final double[] START = {0.5, -1, 2, 3, -0.25, 0.125};

    @Test
    void walksTheSamePathAsLibtorch() {
        try (PointerScope scope = new PointerScope()) {
            Tensor ours = matrix();
            Tensor theirs = matrix();
            AdamWOptions options = new AdamWOptions(0.01);
            options.eps().put(1e-8);
            options.weight_decay().put(0.1);
            org.bytedeco.pytorch.AdamW reference = new org.bytedeco.pytorch.AdamW(new TensorVector(theirs), options);
            try (AdamW optimiser = new AdamW(Map.of("w", ours), new AdamW.Settings(0.9, 0.999, 1e-8, 0.1))) {
                for (int step = 0; step < 30; step++) {
                    optimiser.zeroGradients();
                    reference.zero_grad();
                    loss(ours).backward();
                    loss(theirs).backward();
                    optimiser.step(0.01);
                    reference.step();
                }
            }
            assertThat(TensorArrays.doubles(ours)).containsExactly(TensorArrays.doubles(theirs), within(1e-12));
            assertThat(TensorArrays.doubles(ours)[0]).isNotEqualTo(START[0]);
        }
    }

    @Test
    void aLargeParameterMovesAsItsPartsWould() {
        try (PointerScope scope = new PointerScope()) {
            int rows = 1000;
            int columns = 301;
            double[] numbers =
                    KeyedRandom.of(7).doubles((long) rows * columns, -1, 1).toArray();
            Tensor whole = TensorArrays.of(numbers, rows, columns).set_requires_grad(true);
            Tensor upper = whole.detach().narrow(0, 0, 17).clone().set_requires_grad(true);
            Tensor lower = whole.detach().narrow(0, 17, rows - 17).clone().set_requires_grad(true);
            AdamW.Settings settings = new AdamW.Settings(0.9, 0.999, 1e-8, 0.1);
            try (AdamW one = new AdamW(Map.of("w", whole), settings);
                    AdamW two = new AdamW(Map.of("u", upper, "l", lower), settings)) {
                for (int step = 0; step < 3; step++) {
                    one.zeroGradients();
                    two.zeroGradients();
                    loss(whole).backward();
                    loss(upper).add(loss(lower)).backward();
                    one.step(0.01);
                    two.step(0.01);
                }
            }
            assertThat(TensorArrays.doubles(whole))
                    .containsExactly(TensorArrays.doubles(torch.cat(new TensorVector(upper, lower), 0)));
        }
    }

    @Test
    void clippingBoundsTheJointNormAndTellsTheOneBefore() {
        try (PointerScope scope = new PointerScope()) {
            Tensor weights = matrix();
            try (AdamW optimiser = new AdamW(Map.of("w", weights), AdamW.Settings.DEFAULT)) {
                loss(weights).backward();
                double before = weights.grad().norm().item_double();
                assertThat(optimiser.clip(0.5)).isCloseTo(before, within(1e-12));
                assertThat(weights.grad().norm().item_double()).isCloseTo(0.5, within(1e-9));
            }
        }
    }

    private static Tensor matrix() {
        return TensorArrays.of(START, 2, 3).set_requires_grad(true);
    }

    private static Tensor loss(Tensor weights) {
        return weights.mul(weights).mul(weights).sum().add(weights.exp().sum());
    }
}
