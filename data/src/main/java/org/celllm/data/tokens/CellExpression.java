package org.celllm.data.tokens;

import java.util.Arrays;

/**
 * The expression of the values of one cell after another, as {@link ExpressionTokens#expression} gives it. Most values of a cell of
 * counts are the same few small ones, so each of these is computed once a cell: a logarithm for every value is most of what tokens
 * cost.
 *
 * <p>For one thread.
 */
public final class CellExpression {
    private static final int KNOWN = 64;

    private final float[] known = new float[KNOWN];
    private double total;
    private ValueState state = ValueState.COUNTS;

    /**
     * Begins with another cell.
     *
     * @param cellTotal sum over all genes of the cell's file, in linear units
     * @param cellState of its values
     */
    public void begin(double cellTotal, ValueState cellState) {
        total = cellTotal;
        state = cellState;
        Arrays.fill(known, Float.NaN);
    }

    /** The expression of a value of that cell. */
    public float of(float value) {
        int count = (int) value;
        if (state != ValueState.COUNTS || count != value || count < 0 || count >= KNOWN) {
            return ExpressionTokens.expression(value, total, state);
        }
        float before = known[count];
        if (!Float.isNaN(before)) {
            return before;
        }
        known[count] = ExpressionTokens.expression(value, total, state);
        return known[count];
    }
}
