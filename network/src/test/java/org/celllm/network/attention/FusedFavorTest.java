package org.celllm.network.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The path on bfloat16 and on 32-bit operands against the formula in 64-bit floats on the same, rounded numbers. */
class FusedFavorTest {
    @ParameterizedTest
    @CsvSource({
        "1, 16, 64, 266, 1.0, BFLOAT16",
        "2, 4, 32, 110, 1.0, BFLOAT16",
        "3, 2, 32, 110, 3.0, BFLOAT16",
        "4, 3, 16, 44, 1.5, BFLOAT16",
        "5, 8, 64, 266, 2.0, BFLOAT16",
        "1, 16, 64, 266, 1.0, FLOAT32",
        "2, 4, 32, 110, 1.0, FLOAT32",
        "3, 2, 32, 110, 3.0, FLOAT32",
        "4, 3, 16, 44, 1.5, FLOAT32",
        "5, 8, 64, 266, 2.0, FLOAT32"
    })
    void outputAndGradientsAreThoseOfTheFormula(
            long seed, int heads, int headDim, int features, double spread, Format format) {
        assumeFast(format);
        ScalarType operand = format.type();
        boolean rounds = format == Format.BFLOAT16;
        Native.run(() -> {
            KeyedRandom random = KeyedRandom.of(seed);
            SequenceLayout layout = layout(random);
            AttentionLayout within = AttentionLayout.within(layout);
            Tensor directions =
                    TensorArrays.of(RandomFeatures.orthogonal(features, headDim, seed, 0, 0), features, headDim);
            double scale = Math.pow(headDim, -0.25);
            Tensor rounded = directions
                    .mul(new Scalar(scale))
                    .to(operand)
                    .to(ScalarType.Double)
                    .div(new Scalar(scale));
            Tensor[] operands = new Tensor[3];
            for (int i = 0; i < 3; i++) {
                Tensor narrow = normal(random, spread, layout.positions(), heads * headDim)
                        .to(operand);
                operands[i] = GradientTape.leaf(narrow.to(ScalarType.Double));
            }
            Tensor flow = normal(random, 1, layout.positions(), heads * headDim).to(operand);
            Tensor expected = FavorFormula.attend(operands[0], operands[1], operands[2], rounded, heads, layout);
            expected.mul(flow.to(ScalarType.Double)).sum().backward();

            Native.runWithoutGradient(() -> {
                Tensor q = operands[0].detach().to(operand);
                Tensor k = operands[1].detach().to(operand);
                Tensor v = operands[2].detach().to(operand);
                Tensor wide = directions.to(ScalarType.Float);
                FavorKernel slow = FavorKernel.of(operand, wide, heads, layout);
                FavorKernel.Forward slowForward = slow.forward(q, k, v);
                FavorKernel.Gradients slowGradients = slow.backward(q, k, v, slowForward, flow);
                double all = Math.sqrt(
                        squares(operands[0].grad()) + squares(operands[1].grad()) + squares(operands[2].grad()));
                try (FusedFavor favor = new FusedFavor(new FavorShape(heads, headDim, features, format))) {
                    Tensor[] first = new Tensor[3];
                    for (int again = 0; again < 2; again++) {
                        // The second time features are kept for the way back.
                        String what = "seed " + seed + ", time " + again;
                        FavorOperands read = new FavorOperands(favor.shape, q, k, v, wide, within);
                        FavorPass forward = favor.forward(read, within, again == 1);
                        assertThat(distance(forward.out(), expected) / norm(expected))
                                .as(what)
                                .isLessThan(rounds ? 0.008 : 1e-5);
                        AttentionGradients gradients = favor.backward(read, within, forward, flow);
                        Tensor[] found = {gradients.query(), gradients.key(), gradients.value()};
                        Tensor[] other = {slowGradients.query(), slowGradients.key(), slowGradients.value()};
                        for (int i = 0; i < 3; i++) {
                            first[i] = again == 0 ? found[i] : first[i];
                            assertThat(found[i].equal(first[i])).as(what).isTrue();
                            double error = distance(found[i], operands[i].grad());
                            assertThat(error / all).as(what + ", operand " + i).isLessThan(rounds ? 0.01 : 1e-5);
                            // Where the floor decides, the gradient of a query is nearly nothing, and rounding most of
                            // it.
                            assertThat(error)
                                    .as(what + ", operand " + i + " beside the other path")
                                    .isLessThan(rounds ? 1.5 * distance(other[i], operands[i].grad()) : 1e-5 * all);
                        }
                    }
                }
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void rowsTooLongForItsExponentsGoAnotherWay(Format format) {
        assumeFast(format);
        ScalarType operand = format.type();
        Native.runWithoutGradient(() -> {
            KeyedRandom random = KeyedRandom.of(6);
            SequenceLayout layout = new SequenceLayout(3, new int[] {0, 600, 1100, 1150}, new int[0]);
            AttentionLayout within = AttentionLayout.within(layout);
            Tensor directions = TensorArrays.of(RandomFeatures.orthogonal(110, 32, 6, 0, 0), 110, 32)
                    .to(ScalarType.Float);
            Tensor[] operands = new Tensor[3];
            for (int i = 0; i < 3; i++) {
                operands[i] = normal(random, 1, 1150, 64).to(operand);
            }
            // The second cell's queries, and one key of the third's.
            operands[0].narrow(0, 600, 500).mul_(new Scalar(30.0));
            operands[1].narrow(0, 1120, 1).mul_(new Scalar(100.0));
            FavorKernel kernel = FavorKernel.of(operand, directions, 2, layout);
            FavorKernel.Forward expected = kernel.forward(operands[0], operands[1], operands[2]);
            Tensor flow = normal(random, 1, 1150, 64).to(operand);
            FavorKernel.Gradients gradients = kernel.backward(operands[0], operands[1], operands[2], expected, flow);
            try (FusedFavor favor = new FusedFavor(new FavorShape(2, 32, 110, format))) {
                FavorOperands read =
                        new FavorOperands(favor.shape, operands[0], operands[1], operands[2], directions, within);
                FavorPass forward = favor.forward(read, within, true);
                AttentionGradients found = favor.backward(read, within, forward, flow);
                assertThat(distance(forward.out(), expected.out().to(ScalarType.Double)))
                        .isLessThan(0.01 * norm(expected.out()));
                assertThat(distance(found.value(), gradients.value().to(ScalarType.Double)))
                        .isLessThan(0.01 * norm(gradients.value()));
                assertThat(distance(found.key(), gradients.key().to(ScalarType.Double)))
                        .isLessThan(0.02 * norm(gradients.key()));
            }
        });
    }

    /** With a spread of 6 some rows are too long for the exponents, and their group goes the other way. */
    @ParameterizedTest
    @CsvSource({
        "1, 16, 64, 266, 1.0, BFLOAT16",
        "2, 4, 32, 110, 1.0, BFLOAT16",
        "3, 3, 16, 44, 6.0, BFLOAT16",
        "1, 16, 64, 266, 1.0, FLOAT32",
        "2, 4, 32, 110, 1.0, FLOAT32",
        "3, 3, 16, 44, 6.0, FLOAT32"
    })
    void someQueriesGetWhatTheyGetAmongAllOfThem(
            long seed, int heads, int headDim, int features, double spread, Format format) {
        assumeFast(format);
        ScalarType operand = format.type();
        double tolerance = format == Format.BFLOAT16 ? 0.01 : 1e-5;
        Native.runWithoutGradient(() -> {
            KeyedRandom random = KeyedRandom.of(seed);
            SequenceLayout keys = layout(random);
            int[] asking = new int[keys.cells() + 1];
            int[] asked = new int[keys.positions()];
            for (int cell = 0; cell < keys.cells(); cell++) {
                int next = asking[cell];
                for (int row = keys.starts()[cell]; row < keys.starts()[cell + 1]; row++) {
                    if (row == keys.starts()[cell] || random.nextInt(5) == 0) {
                        asked[next++] = row;
                    }
                }
                asking[cell + 1] = next;
            }
            SequenceLayout queries = new SequenceLayout(keys.cells(), asking, new int[0]);
            AttentionLayout whole = AttentionLayout.within(keys);
            AttentionLayout some = new AttentionLayout(queries, keys);
            Tensor rows = TensorArrays.of(asked, queries.positions()).to(ScalarType.Long);
            Tensor directions = TensorArrays.of(
                            RandomFeatures.orthogonal(features, headDim, seed, 0, 0), features, headDim)
                    .to(ScalarType.Float);
            Tensor[] of = new Tensor[4];
            for (int i = 0; i < of.length; i++) {
                of[i] = normal(random, i < 2 ? spread : 1, keys.positions(), heads * headDim)
                        .to(operand);
            }
            Tensor query = torch.index_select(of[0], 0, rows);
            // Nothing flows into what others got.
            Tensor flow = torch.index_select(of[3], 0, rows);
            Tensor spreadFlow = torch.zeros_like(of[3]).index_copy_(0, rows, flow);
            try (FusedFavor favor = new FusedFavor(new FavorShape(heads, headDim, features, format))) {
                for (int again = 0; again < 2; again++) {
                    String what = "seed " + seed + ", time " + again;
                    FavorOperands all = new FavorOperands(favor.shape, of[0], of[1], of[2], directions, whole);
                    FavorPass expected = favor.forward(all, whole, again == 1);
                    AttentionGradients gradients = favor.backward(all, whole, expected, spreadFlow);
                    FavorOperands read = new FavorOperands(favor.shape, query, of[1], of[2], directions, some);
                    FavorPass forward = favor.forward(read, some, again == 1);
                    AttentionGradients found = favor.backward(read, some, forward, flow);
                    assertClose(forward.out(), torch.index_select(expected.out(), 0, rows), 0, tolerance, what);
                    // Where the floor decides, the gradient of a query is nearly nothing, and rounding most of it.
                    double size = Math.sqrt(
                            squares(gradients.query()) + squares(gradients.key()) + squares(gradients.value()));
                    Tensor expectedQuery = torch.index_select(gradients.query(), 0, rows);
                    assertClose(found.query(), expectedQuery, size, tolerance, what + ", query");
                    assertClose(found.key(), gradients.key(), size, tolerance, what + ", key");
                    assertClose(found.value(), gradients.value(), size, tolerance, what + ", value");
                }
            }
        });
    }

    /** @param size what a distance is measured by: the larger of this and the norm of what is expected */
    private static void assertClose(Tensor found, Tensor expected, double size, double tolerance, String what) {
        assertThat(norm(expected)).as(what).isPositive();
        assertThat(distance(found, expected.to(ScalarType.Double)) / Math.max(size, norm(expected)))
                .as(what)
                .isLessThan(tolerance);
    }

    private static void assumeFast(Format format) {
        assumeTrue(format == Format.FLOAT32 || Torch.multipliesBfloat16(), "the processor has no bfloat16 products");
    }

    private static SequenceLayout layout(KeyedRandom random) {
        int cells = 1 + random.nextInt(5);
        int[] starts = new int[cells + 1];
        for (int cell = 0; cell < cells; cell++) {
            starts[cell + 1] = starts[cell] + 1 + random.nextInt(700);
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
        return norm(a.to(ScalarType.Double).sub(b));
    }

    private static double norm(Tensor x) {
        return Math.sqrt(squares(x));
    }

    private static double squares(Tensor x) {
        return x.detach().to(ScalarType.Double).square().sum().item_double();
    }
}
