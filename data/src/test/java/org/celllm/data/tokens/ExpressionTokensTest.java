package org.celllm.data.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class ExpressionTokensTest {
    @Test
    void scalesCountsToTenThousandBeforeTheLogarithm() {
        assertThat(ExpressionTokens.expression(3, 1500, ValueState.COUNTS))
                .isCloseTo((float) Math.log1p(20), within(1e-6f));
        assertThat(ExpressionTokens.expression(3, 1500, ValueState.TPM))
                .isCloseTo((float) Math.log1p(20), within(1e-6f));
        assertThat(ExpressionTokens.expression(3, 0, ValueState.COUNTS)).isZero();
    }

    @Test
    void bringsLog2ValuesToTheSameScale() {
        float stored = (float) (Math.log1p(250) / Math.log(2));
        assertThat(ExpressionTokens.expression(stored, 100_000, ValueState.LOG2P1))
                .isCloseTo((float) Math.log1p(25), within(1e-4f));
    }

    @Test
    void leavesOtherValuesAsTheyAre() {
        for (ValueState state : new ValueState[] {ValueState.LOG1P, ValueState.SCALED, ValueState.ASIS}) {
            assertThat(ExpressionTokens.expression(1.75f, 9, state)).isEqualTo(1.75f);
        }
    }

    @Test
    void floorsAndCapsAsPublished() {
        assertThat(ExpressionTokens.token(0.2f, 8)).isZero();
        assertThat(ExpressionTokens.token(0.999f, 8)).isZero();
        assertThat(ExpressionTokens.token(1, 8)).isEqualTo(1);
        assertThat(ExpressionTokens.token(4.99f, 8)).isEqualTo(4);
        assertThat(ExpressionTokens.token(5, 8)).isEqualTo(5);
        assertThat(ExpressionTokens.token(17, 8)).isEqualTo(5);
        assertThat(ExpressionTokens.token(-3, 8)).isZero();
        assertThat(ExpressionTokens.cls(8)).isEqualTo(6);
        assertThat(ExpressionTokens.mask(8)).isEqualTo(7);
    }

    @Test
    void sumsInLinearUnits() {
        KeyedRandom random = KeyedRandom.of(5);
        for (int i = 0; i < 100; i++) {
            double one = 0.1 + 50 * random.nextDouble();
            double other = 0.1 + 50 * random.nextDouble();
            for (ValueState state : new ValueState[] {ValueState.COUNTS, ValueState.LOG1P, ValueState.LOG2P1}) {
                float sum = ExpressionTokens.sum(
                        ExpressionTokens.stored(one, state), ExpressionTokens.stored(other, state), state);
                assertThat(ExpressionTokens.linear(sum, state)).isCloseTo(one + other, within(1e-3));
            }
        }
        assertThat(ExpressionTokens.sum(-1, 2, ValueState.SCALED)).isEqualTo(2);
    }
}
