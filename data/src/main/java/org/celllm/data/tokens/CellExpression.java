package org.celllm.data.tokens;

import java.util.Arrays;

/**
 * The expression of the values of one cell after another, and its token, as {@link ExpressionTokens} gives them. Most values of a
 * cell of counts are the same few small ones, so each of these is computed once a cell and looked up after that.
 *
 * <p>For one thread.
 */
public final class CellExpression {
    private static final int KNOWN = 64;

    /** In place of a token: a gene that isn't expressed. */
    private static final int NOT_EXPRESSED = -1;

    private static final int UNKNOWN = -2;

    private final int vocabulary;
    private final float[] known = new float[KNOWN];
    private final int[] knownTokens = new int[KNOWN];
    private double total;
    private ValueState state = ValueState.COUNTS;

    /** @param vocabulary size of the token vocabulary, 8 in the published network */
    public CellExpression(int vocabulary) {
        this.vocabulary = vocabulary;
    }

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
        Arrays.fill(knownTokens, UNKNOWN);
    }

    /**
     * The tokens of a run of values of that cell; genes that aren't expressed are passed over.
     *
     * @param values of the cell from {@code from} to {@code to} − 1
     * @param genes of the same places
     * @param intoGenes the expressed genes, from {@code at}; room for all
     * @param intoTokens their tokens
     * @return the place after the last one written
     */
    public int tokens(float[] values, char[] genes, int from, int to, int[] intoGenes, int[] intoTokens, int at) {
        int place = at;
        int i = from;
        while (i < to) {
            int looked = lookUp(values, genes, i, to, intoGenes, intoTokens, place);
            place += looked;
            i += looked;
            if (i < to) {
                int token = computed(values[i]);
                if (token != NOT_EXPRESSED) {
                    remember(values[i], token);
                    intoGenes[place] = genes[i];
                    intoTokens[place++] = token;
                }
                i++;
            }
        }
        return place;
    }

    /**
     * The tokens of values as far as they are known; nothing is called in this loop, which makes it twice as fast.
     *
     * @return how many
     */
    private int lookUp(float[] values, char[] genes, int from, int to, int[] intoGenes, int[] intoTokens, int at) {
        int[] tokens = knownTokens;
        int n = to - from;
        for (int i = 0; i < n; i++) {
            float value = values[from + i];
            int count = (int) value;
            int token = count == value ? tokens[count & (KNOWN - 1)] : UNKNOWN;
            if (token < 0 || (count & -KNOWN) != 0) {
                return i;
            }
            intoGenes[at + i] = genes[from + i];
            intoTokens[at + i] = token;
        }
        return n;
    }

    private void remember(float value, int token) {
        int count = (int) value;
        if (state == ValueState.COUNTS && count == value && (count & -KNOWN) == 0) {
            knownTokens[count] = token;
        }
    }

    private int computed(float value) {
        float expression = ExpressionTokens.expression(value, total, state);
        return expression > 0 ? ExpressionTokens.token(expression, vocabulary) : NOT_EXPRESSED;
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
