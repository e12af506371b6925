package org.celllm.data.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class CellExpressionTest {
    /** To the bit, for counts small and large, values that are no counts, and cells after each other. */
    @Test
    void itIsWhatTheFormulaGives() {
        KeyedRandom random = KeyedRandom.of(4);
        CellExpression expressions = new CellExpression();
        for (ValueState state : ValueState.values()) {
            for (int cell = 0; cell < 50; cell++) {
                double total = cell == 0 ? 0 : random.nextDouble() * 20_000;
                expressions.begin(total, state);
                compare(expressions, total, state, random);
            }
        }
    }

    private static void compare(CellExpression expressions, double total, ValueState state, KeyedRandom random) {
        for (int i = 0; i < 200; i++) {
            float value = switch (i % 4) {
                case 0 -> (float) Math.floor(random.nextDouble() * 5);
                case 1 -> (float) Math.floor(random.nextDouble() * 70);
                case 2 -> (float) Math.floor(random.nextDouble() * 100_000);
                default -> (float) (random.nextGaussian() * 3);
            };
            float expected = ExpressionTokens.expression(value, total, state);
            assertThat(Float.floatToIntBits(expressions.of(value)))
                    .as("seed 4: %s of %s, %s", value, total, state)
                    .isEqualTo(Float.floatToIntBits(expected));
        }
    }
}
