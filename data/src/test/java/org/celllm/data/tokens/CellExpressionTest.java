package org.celllm.data.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

class CellExpressionTest {
    /** To the bit, for counts small and large, values that are no counts, and cells after each other. */
    @Test
    void itIsWhatTheFormulaGives() {
        KeyedRandom random = KeyedRandom.of(4);
        CellExpression expressions = new CellExpression(8);
        for (ValueState state : ValueState.values()) {
            for (int cell = 0; cell < 50; cell++) {
                double total = cell == 0 ? 0 : random.nextDouble() * 20_000;
                float[] values = values(random);
                expressions.begin(total, state);
                compareExpression(expressions, values, total, state);
                compareTokens(expressions, values, total, state);
            }
        }
    }

    private static float[] values(KeyedRandom random) {
        float[] values = new float[200];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (i % 4) {
                case 0 -> (float) Math.floor(random.nextDouble() * 5);
                case 1 -> (float) Math.floor(random.nextDouble() * 70);
                case 2 -> (float) Math.floor(random.nextDouble() * 100_000);
                default -> (float) (random.nextGaussian() * 3);
            };
        }
        return values;
    }

    private static void compareExpression(CellExpression expressions, float[] values, double total, ValueState state) {
        for (float value : values) {
            assertThat(Float.floatToIntBits(expressions.of(value)))
                    .as("seed 4: %s of %s, %s", value, total, state)
                    .isEqualTo(Float.floatToIntBits(ExpressionTokens.expression(value, total, state)));
        }
    }

    /** Of a run in the middle of the cell, to a place in the middle of the sequences. */
    private static void compareTokens(CellExpression expressions, float[] values, double total, ValueState state) {
        char[] genes = new char[values.length];
        List<Integer> expectedGenes = new ArrayList<>();
        List<Integer> expectedTokens = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            genes[i] = (char) (3 * i);
            float expression = ExpressionTokens.expression(values[i], total, state);
            if (i >= 5 && expression > 0) {
                expectedGenes.add(3 * i);
                expectedTokens.add(ExpressionTokens.token(expression, 8));
            }
        }
        int[] intoGenes = new int[values.length + 2];
        int[] intoTokens = new int[values.length + 2];
        int end = expressions.tokens(values, genes, 5, values.length, intoGenes, intoTokens, 7);
        assertThat(end).isEqualTo(7 + expectedGenes.size());
        assertThat(Arrays.stream(intoGenes, 7, end).boxed().toList())
                .as("seed 4: genes of a cell of %s, %s", total, state)
                .isEqualTo(expectedGenes);
        assertThat(Arrays.stream(intoTokens, 7, end).boxed().toList())
                .as("seed 4: tokens of a cell of %s, %s", total, state)
                .isEqualTo(expectedTokens);
        assertThat(intoGenes).startsWith(0, 0, 0, 0, 0, 0, 0);
    }
}
