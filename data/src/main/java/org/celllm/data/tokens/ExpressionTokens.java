package org.celllm.data.tokens;

/**
 * From stored values to expression and to tokens, as the published network does it: expression is the natural
 * logarithm of 1 + counts per 10,000, and its token is ⌊min(expression, tokens − 3)⌋, so that values in (0, 1) are
 * token 0, and the last two tokens are left for CLS and for padding and mask.
 */
public final class ExpressionTokens {
    /** Counts a cell is scaled to. */
    public static final double PER = 10_000;

    private ExpressionTokens() {}

    /**
     * The expression of a value.
     *
     * @param value greater than zero unless scaled
     * @param total sum over all genes of the cell's file, in linear units: for log2p1 of 2^v − 1
     * @param state state of the value
     * @return log1p(counts per 10,000); values that are log1p, scaled or as is are returned unchanged
     */
    public static float expression(float value, double total, ValueState state) {
        return switch (state) {
            case COUNTS, TPM -> total > 0 ? (float) log1p(value / total * PER) : 0;
            case LOG2P1 -> total > 0 ? (float) log1p(linear(value, state) / total * PER) : 0;
            case LOG1P, SCALED, ASIS -> value;
        };
    }

    /** To 1e-13, which a float does not show; several times as fast as {@link Math#log1p}. */
    private static double log1p(double x) {
        return x > 1e-3 ? Math.log(1 + x) : Math.log1p(x);
    }

    /** The value with its logarithm undone: in counts, or in the unit the logarithm was taken of. */
    public static double linear(float value, ValueState state) {
        return switch (state) {
            case LOG1P -> Math.expm1(value);
            case LOG2P1 -> Math.expm1(value * Math.log(2));
            case COUNTS, TPM, SCALED, ASIS -> value;
        };
    }

    /** The inverse of {@link #linear}. */
    static float stored(double linear, ValueState state) {
        return switch (state) {
            case LOG1P -> (float) Math.log1p(linear);
            case LOG2P1 -> (float) (Math.log1p(linear) / Math.log(2));
            case COUNTS, TPM, SCALED, ASIS -> (float) linear;
        };
    }

    /**
     * The sum of two values of the same gene in the same cell: in linear units, but for scaled ones the larger.
     */
    public static float sum(float one, float other, ValueState state) {
        return switch (state) {
            case COUNTS, TPM -> one + other;
            case LOG1P, LOG2P1 -> stored(linear(one, state) + linear(other, state), state);
            case SCALED, ASIS -> Math.max(one, other);
        };
    }

    /**
     * The token of an expression.
     *
     * @param expression what {@link #expression} gives; below zero counts as zero
     * @param tokens size of the token vocabulary, 8 in the published network
     */
    public static int token(float expression, int tokens) {
        return (int) Math.floor(Math.max(0, Math.min(expression, tokens - 3)));
    }

    /** The token that starts a cell: tokens − 2. */
    public static int cls(int tokens) {
        return tokens - 2;
    }

    /** The token of padding and of masked genes: tokens − 1. */
    public static int mask(int tokens) {
        return tokens - 1;
    }
}
