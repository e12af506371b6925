package org.celllm.network.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.onednn.Product.Finish;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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
            Format format = finish == Finish.ACCUMULATE ? Format.FLOAT32 : operand;
            ScalarType type = format.type();
            Tensor out = random(4, ROWS, COLUMNS).to(type).clone();
            Tensor factor = random(5, ROWS, COLUMNS).to(operand.type());
            Tensor product = torch.linear(
                    left.to(ScalarType.Float), right.to(ScalarType.Float), new TensorOptional(bias.view(COLUMNS)));
            Tensor expected = switch (finish) {
                case NONE -> product;
                case EXPONENTIAL -> product.exp();
                case GELU -> torch.gelu(product);
                case ACCUMULATE -> product.add(out);
                case TIMES -> product.mul(factor.to(ScalarType.Float));
            };
            Strided transposed = new Strided(operand, new long[] {INNER, COLUMNS}, new long[] {1, INNER});
            try (OneDnn library = new OneDnn();
                    Program program = Product.of(
                                    Strided.rows(operand, ROWS, INNER), transposed, Strided.rows(format, ROWS, COLUMNS))
                            .bias()
                            .then(finish)
                            .prepare(library)) {
                long[] places = {address(left), address(right), address(out), address(bias), address(factor)};
                program.run(finish == Finish.TIMES ? places : Arrays.copyOf(places, 4));
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
            Tensor mask = TensorArrays.empty(operand.type(), 64, 48);
            Tensor added = TensorArrays.zeros(operand.type(), 64, 48);
            try (OneDnn library = new OneDnn();
                    Program highestOf = RowOperations.highest(library, operand, 64, 48);
                    Program negated = RowOperations.negatedSum(library, operand, 64, 48);
                    Program equal = RowOperations.equal(library, operand, 64, 48);
                    Program add = RowOperations.addScaled(library, operand, 64, 48)) {
                highestOf.run(address(matrix), address(highest));
                negated.run(address(matrix), address(sum));
                equal.run(address(matrix), address(highest), address(mask));
                add.run(address(mask), address(highest), address(added));
            }
            Tensor wide = matrix.to(ScalarType.Float);
            assertThat(TensorArrays.floats(highest))
                    .containsExactly(TensorArrays.floats(wide.amax(new long[] {1}, true)));
            assertThat(sum.add(wide.sum(1).view(64, 1)).abs().max().item_double())
                    .isLessThan(1e-5);
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
