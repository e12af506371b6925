package org.celllm.network.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast path against the formula that autograd differentiates. */
class FavorKernelTest {
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void outputAndGradientsAreThoseOfTheFormulaForEveryDivisionOfTheWork(long seed) {
        Native.run(() -> {
            KeyedRandom random = KeyedRandom.of(seed);
            int heads = 1 + random.nextInt(5);
            int headDim = 2 + random.nextInt(12);
            int features = 2 + random.nextInt(30);
            SequenceLayout layout = layout(random);
            Tensor directions = normal(random, 1, features, headDim);
            // Operands so large that the maxima decide.
            Tensor[] operands = new Tensor[3];
            for (int i = 0; i < 3; i++) {
                operands[i] = GradientTape.leaf(normal(random, 2, layout.positions(), heads * headDim));
            }
            Tensor flow = normal(random, 1, layout.positions(), heads * headDim);
            Tensor expected = FavorFormula.attend(operands[0], operands[1], operands[2], directions, heads, layout);
            expected.mul(flow).sum().backward();

            for (long pieceFeatures : new long[] {1, 3L * features * 10, Long.MAX_VALUE}) {
                for (boolean round : new boolean[] {false, true}) {
                    SequenceLayout used = round ? layout.rounded() : layout;
                    FavorKernel kernel =
                            new FavorKernel(ScalarType.Double, directions, heads, used, pieceFeatures, round);
                    Tensor q = filled(operands[0].detach(), used, random);
                    Tensor k = filled(operands[1].detach(), used, random);
                    Tensor v = filled(operands[2].detach(), used, random);
                    FavorKernel.Forward forward = kernel.forward(q, k, v);
                    FavorKernel.Gradients gradients = kernel.backward(q, k, v, forward, filled(flow, used, random));
                    String what = "seed " + seed + ", pieces of " + pieceFeatures + ", rounded: " + round;
                    compare(forward.out(), expected, 1e-12, what);
                    compare(gradients.query(), operands[0].grad(), 1e-11, what);
                    compare(gradients.key(), operands[1].grad(), 1e-11, what);
                    compare(gradients.value(), operands[2].grad(), 1e-11, what);
                }
            }
        });
    }

    /** The same rows, with noise in the rows that belong to no cell. */
    private static Tensor filled(Tensor rows, SequenceLayout layout, KeyedRandom random) {
        return layout.filler() == 0
                ? rows
                : torch.cat(new TensorVector(rows, normal(random, 3, layout.filler(), (int) rows.size(1))), 0);
    }

    /** Whether the rows of cells are as expected, and those of no cell zero. */
    private static void compare(Tensor rows, Tensor expected, double tolerance, String what) {
        long cells = expected.size(0);
        assertThat(distance(rows.narrow(0, 0, cells), expected)).as(what).isLessThan(tolerance);
        for (double value :
                TensorArrays.doubles(rows.narrow(0, cells, rows.size(0) - cells).contiguous())) {
            assertThat(value).as(what).isZero();
        }
    }

    private static SequenceLayout layout(KeyedRandom random) {
        int cells = 1 + random.nextInt(5);
        int[] starts = new int[cells + 1];
        for (int cell = 0; cell < cells; cell++) {
            starts[cell + 1] = starts[cell] + 1 + random.nextInt(12);
        }
        return new SequenceLayout(cells, starts, new int[0]);
    }

    private static Tensor normal(KeyedRandom random, double deviation, int rows, int columns) {
        double[] values = IntStream.range(0, rows * columns)
                .mapToDouble(i -> deviation * random.nextGaussian())
                .toArray();
        return TensorArrays.of(values, rows, columns);
    }

    private static double distance(Tensor a, Tensor b) {
        double[] x = TensorArrays.doubles(a);
        double[] y = TensorArrays.doubles(b);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < y.length; i++) {
            difference += (x[i] - y[i]) * (x[i] - y[i]);
            norm += y[i] * y[i];
        }
        return Math.sqrt(difference / Math.max(norm, 1e-300));
    }
}
