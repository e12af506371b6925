package org.celllm.network.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.onednn.Copies.Way;
import org.celllm.network.onednn.Product.Finish;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProductTest {
    private static final int ROWS = 48;
    private static final int INNER = 40;
    private static final int COLUMNS = 33;

    private static void assumeFast(Format format) {
        assumeTrue(format == Format.FLOAT32 || Torch.multipliesBfloat16(), "the processor has no bfloat16 products");
    }

    static Stream<Arguments> finishes() {
        return Stream.of(Format.values())
                .flatMap(format -> Stream.of(Finish.values()).map(finish -> Arguments.of(finish, format)));
    }

    @ParameterizedTest
    @MethodSource("finishes")
    void whatFollowsAProductIsDoneInTheSamePass(Finish finish, Format operand) {
        assumeFast(operand);
        Native.runWithoutGradient(() -> {
            Tensor left = random(1, ROWS, INNER).to(operand.type());
            Tensor right = random(2, COLUMNS, INNER).to(operand.type());
            Tensor bias = random(3, 1, COLUMNS);
            Format format = finish == Finish.ACCUMULATE || finish == Finish.PLUS ? Format.FLOAT32 : operand;
            ScalarType type = format.type();
            Tensor out = random(4, ROWS, COLUMNS).to(type).clone();
            Tensor other = random(5, ROWS, COLUMNS).to(type);
            Tensor product = torch.linear(
                    left.to(ScalarType.Float), right.to(ScalarType.Float), new TensorOptional(bias.view(COLUMNS)));
            Tensor expected = switch (finish) {
                case NONE -> product;
                case EXPONENTIAL -> product.exp();
                case GELU -> torch.gelu(product);
                case ACCUMULATE -> product.add(out);
                case TIMES -> product.mul(other.to(ScalarType.Float));
                case PLUS -> product.add(other);
            };
            Strided transposed = new Strided(operand, new long[] {INNER, COLUMNS}, new long[] {1, INNER});
            try (OneDnn library = new OneDnn();
                    Program program = Product.of(
                                    Strided.rows(operand, ROWS, INNER), transposed, Strided.rows(format, ROWS, COLUMNS))
                            .bias()
                            .then(finish)
                            .prepare(library)) {
                long[] places = {address(left), address(right), address(out), address(bias), address(other)};
                program.run(finish == Finish.TIMES || finish == Finish.PLUS ? places : Arrays.copyOf(places, 4));
            }
            double tolerance = format == Format.FLOAT32 ? 1e-5 : 0.005;
            assertThat(out.to(ScalarType.Float).sub(expected).norm().item_double())
                    .isLessThan(tolerance * expected.norm().item_double());
        });
    }

    @ParameterizedTest
    @EnumSource
    void theHighestAndTheSumOfRows(Format operand) {
        assumeFast(operand);
        Native.runWithoutGradient(() -> {
            Tensor matrix = random(6, 64, 48).to(operand.type());
            Tensor highest = TensorArrays.empty(ScalarType.Float, 64, 1);
            Tensor sum = TensorArrays.empty(ScalarType.Float, 64, 1);
            Tensor plainSum = TensorArrays.empty(ScalarType.Float, 64, 1);
            Tensor mask = TensorArrays.empty(operand.type(), 64, 48);
            Tensor added = TensorArrays.zeros(operand.type(), 64, 48);
            try (OneDnn library = new OneDnn();
                    Program highestOf = RowOperations.highest(library, operand, 64, 48);
                    Program negated = RowOperations.sum(library, operand, 64, 48, -1);
                    Program plain = RowOperations.sum(library, operand, 64, 48, 1);
                    Program equal = RowOperations.equal(library, operand, 64, 48);
                    Program add = RowOperations.addScaled(library, operand, 64, 48)) {
                highestOf.run(address(matrix), address(highest));
                negated.run(address(matrix), address(sum));
                plain.run(address(matrix), address(plainSum));
                equal.run(address(matrix), address(highest), address(mask));
                add.run(address(mask), address(highest), address(added));
            }
            Tensor wide = matrix.to(ScalarType.Float);
            assertThat(TensorArrays.floats(highest))
                    .containsExactly(TensorArrays.floats(wide.amax(new long[] {1}, true)));
            assertThat(sum.add(wide.sum(1).view(64, 1)).abs().max().item_double())
                    .isLessThan(1e-5);
            assertThat(plainSum.add(sum).abs().max().item_double()).isLessThan(1e-5);
            Tensor ones = wide.eq(highest).to(ScalarType.Float);
            assertThat(TensorArrays.floats(mask)).containsExactly(TensorArrays.floats(ones));
            assertThat(added.to(ScalarType.Float)
                            .sub(ones.mul(highest))
                            .abs()
                            .max()
                            .item_double())
                    .isZero();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT32, PLAIN",
        "FLOAT32, SCALED",
        "FLOAT32, ADDED",
        "BFLOAT16, PLAIN",
        "BFLOAT16, SCALED",
        "BFLOAT16, ADDED"
    })
    void copiesBetweenLayouts(Format operand, Way way) {
        assumeFast(operand);
        Native.runWithoutGradient(() -> {
            // Three heads of 20 columns in rows of 72 numbers, into rows of 96.
            Tensor from = random(7, 37, 72);
            Tensor to = random(8, 37, 96).to(operand.type()).clone();
            Tensor before = to.to(ScalarType.Float).clone();
            Tensor factors = random(9, 37, 3);
            Strided read = new Strided(Format.FLOAT32, new long[] {37, 3, 20}, new long[] {72, 24, 1});
            Strided written = new Strided(operand, new long[] {37, 3, 20}, new long[] {96, 32, 1});
            try (OneDnn library = new OneDnn();
                    Program copy = Copies.of(library, read, written, way)) {
                long[] places = {address(from), address(to), address(factors)};
                copy.run(way == Way.PLAIN ? Arrays.copyOf(places, 2) : places);
            }
            Tensor expected = before.clone();
            Tensor part = expected.view(37, 3, 32).narrow(2, 0, 20);
            Tensor given = from.view(37, 3, 24).narrow(2, 0, 20);
            switch (way) {
                case PLAIN -> part.copy_(given);
                case SCALED -> part.copy_(given.mul(factors.unsqueeze(2)));
                case ADDED -> part.add_(given.mul(factors.unsqueeze(2)));
            }
            Tensor error = to.to(ScalarType.Float).sub(expected).abs();
            assertThat(error.max().item_double()).isLessThan(operand == Format.FLOAT32 ? 1e-6 : 0.008);
            assertThat(error.view(37, 3, 32).narrow(2, 20, 12).max().item_double())
                    .isZero();
        });
    }

    @Test
    void theGradientOfANorm() {
        Native.run(() -> {
            Tensor x = GradientTape.leaf(random(10, 33, 48));
            Tensor scale = GradientTape.leaf(random(11, 1, 48).view(48));
            Tensor shift = GradientTape.leaf(random(12, 1, 48).view(48));
            Tensor flow = random(13, 33, 48);
            torch.layer_norm(x, new long[] {48}, new TensorOptional(scale), new TensorOptional(shift), 1e-5, false)
                    .mul(flow)
                    .sum()
                    .backward();
            Tensor found = TensorArrays.empty(ScalarType.Float, 33, 48);
            Tensor scaleFound = TensorArrays.empty(ScalarType.Float, 48);
            Tensor shiftFound = TensorArrays.empty(ScalarType.Float, 48);
            Tensor mean = x.detach().sum(1).div(new Scalar(48));
            Tensor variance = x.detach().sub(mean.view(33, 1)).square().sum(1).div(new Scalar(48));
            try (OneDnn library = new OneDnn();
                    Program gradient = RowOperations.normGradient(library, 33, 48, 1e-5)) {
                gradient.run(
                        address(x),
                        address(mean),
                        address(variance),
                        address(scale),
                        address(flow),
                        address(found),
                        address(scaleFound),
                        address(shiftFound));
            }
            assertThat(found.sub(x.grad()).abs().max().item_double()).isLessThan(1e-5);
            assertThat(scaleFound.sub(scale.grad()).abs().max().item_double()).isLessThan(1e-5);
            assertThat(shiftFound.sub(shift.grad()).abs().max().item_double()).isLessThan(1e-5);
        });
    }

    @ParameterizedTest
    @EnumSource
    void slowCodeIsRefusedAndSoTheWayIsNotTaken(Format operand) {
        assumeFast(operand);
        // No fast code writes columns that lie apart.
        Strided apart = Strided.heads(operand, 2, 8, 8, 256, 16, 2);
        Strided dense = Strided.heads(operand, 2, 8, 8, 64, 8, 1);
        try (OneDnn library = new OneDnn()) {
            assertThatThrownBy(() -> Product.of(dense, dense, apart).prepare(library))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("ref");
            Product.of(dense, dense, dense).prepare(library).close();
        }
        assertThat(OneDnn.isFast(
                        OneDnn::new,
                        library ->
                                Product.of(dense, dense, apart).prepare(library).close()))
                .isFalse();
        assertThat(OneDnn.isFast(
                        OneDnn::new,
                        library ->
                                Product.of(dense, dense, dense).prepare(library).close()))
                .isTrue();
    }

    private static long address(Tensor tensor) {
        return tensor.data_ptr().address();
    }

    private static Tensor random(long seed, int rows, int columns) {
        double[] values =
                KeyedRandom.of(seed).doubles((long) rows * columns, -1, 1).toArray();
        return TensorArrays.of(values, rows, columns).to(ScalarType.Float);
    }
}
